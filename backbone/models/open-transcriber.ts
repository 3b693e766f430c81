import { AppError } from '../errors.ts';
import { openOpenaiTranscriber, type OpenaiTranscriberDeps } from './openai-transcriber.ts';
import type { Transcriber } from './transcriber.ts';

/**
 * The transcriber a TRANSCRIBER_URL names: null for `none`, or an OpenAI-compatible service by `http(s)://` or
 * `openai+http(s)://` (see `transcriber-url.ts`). Nothing is connected to yet.
 * @throws AppError config_invalid
 */
export function openTranscriber(url: string, deps: OpenaiTranscriberDeps): Transcriber | null {
  if (url === 'none') return null;
  const scheme = url.slice(0, url.indexOf(':') + 1).toLowerCase();
  switch (scheme) {
    case 'http:':
    case 'https:':
    case 'openai+http:':
    case 'openai+https:':
      return openOpenaiTranscriber(url, deps);
    default:
      throw new AppError('config_invalid', {
        params: { faults: 'TRANSCRIBER_URL: it must be none, or begin with http:// or https://' },
      });
  }
}
