/** Small texts that stand beside a recording. */
import { throwForStatus } from '../../fetch/throw-for-status.ts';
import type { ManagerPorts } from '../content-manager.ts';
import { decodeText } from '../parsing/charset.ts';

/** Of one file; a transcript of a day has some 3 MB. */
const MOST_BYTES = 8 * 1024 * 1024;

/** @throws AppError of the fetch module, or for the status of the answer; the signal's reason */
export async function fetchText(
  { fetcher, now }: Pick<ManagerPorts, 'fetcher' | 'now'>,
  url: string,
  signal: AbortSignal,
): Promise<string> {
  const response = await fetcher.fetch({
    url,
    purpose: 'content',
    signal,
    maxBytes: MOST_BYTES,
    limitSetting: 'MAX_TEXT_MB',
  });
  try {
    throwForStatus(response, now().getTime());
    const parts: Buffer[] = [];
    for await (const part of response.body as AsyncIterable<Buffer>) parts.push(part);
    return decodeText(Buffer.concat(parts), { declared: response.charset, kind: 'text' }).text;
  } finally {
    response.body.destroy();
  }
}
