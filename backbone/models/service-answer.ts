/** What requests to OpenAI-compatible services and their answers have in common. Pure. */
import { z } from 'zod';

const ERROR_REASON_LENGTH = 200;
const DEFAULT_RETRY_AFTER_MS = 10_000;
const MAX_RETRY_AFTER_MS = 3_600_000;

const errorSchema = z.object({
  error: z.union([z.string(), z.object({ message: z.string() }).transform(({ message }) => message)]),
});

/** Of a request that wants JSON back. `apiKey`: null when the service asks for none. */
export function serviceHeaders(contentType: string, apiKey: string | null): Readonly<Record<string, string>> {
  return {
    'content-type': contentType,
    accept: 'application/json',
    ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
  };
}

/** Seconds or an HTTP date; bounded, since the wait is the job's. */
export function retryAfterMs(header: string | undefined, now: number): number {
  if (header === undefined) return DEFAULT_RETRY_AFTER_MS;
  const seconds = Number(header);
  const wait = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1_000;
  if (Number.isNaN(wait)) return DEFAULT_RETRY_AFTER_MS;
  return Math.min(MAX_RETRY_AFTER_MS, Math.max(0, wait));
}

/** The service's own words, short and without the key, which some services repeat. */
export function reasonOf(body: string, apiKey: string | null): string {
  const parsed = errorSchema.safeParse(jsonOrNull(body));
  const said = parsed.success ? parsed.data.error : '';
  const safe = apiKey === null ? said : said.replaceAll(apiKey, '...');
  return safe.replaceAll(/\s+/g, ' ').slice(0, ERROR_REASON_LENGTH).toWellFormed();
}

export function jsonOrNull(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
