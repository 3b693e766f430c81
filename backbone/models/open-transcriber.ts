import { openOpenaiTranscriber, type OpenaiTranscriberDeps } from './openai-transcriber.ts';
import type { Transcriber } from './transcriber.ts';
import { openNamedService } from './named-service.ts';

/**
 * The transcriber a TRANSCRIBER_URL names: null for `none`, or an OpenAI-compatible service by `http(s)://` or
 * `openai+http(s)://` (see `transcriber-url.ts`). Nothing is connected to yet.
 * @throws AppError config_invalid
 */
export function openTranscriber(url: string, deps: OpenaiTranscriberDeps): Transcriber | null {
  return openNamedService('TRANSCRIBER_URL', url, (service) => openOpenaiTranscriber(service, deps));
}
