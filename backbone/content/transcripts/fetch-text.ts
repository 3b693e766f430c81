/** Small texts that stand beside a recording. */
import { fetchFile, type FetchPorts } from '../fetched-file.ts';
import { decodeText } from '../parsing/charset.ts';

/** Of one file; a transcript of a day has some 3 MB. */
const MOST_BYTES = 8 * 1024 * 1024;

/** @throws AppError of the fetch module, or for the status of the answer; the signal's reason */
export async function fetchText(ports: FetchPorts, url: string, signal: AbortSignal): Promise<string> {
  const { bytes, response } = await fetchFile(ports, {
    url,
    purpose: 'content',
    signal,
    maxBytes: MOST_BYTES,
  });
  return decodeText(bytes, { declared: response.charset, kind: 'text' }).text;
}
