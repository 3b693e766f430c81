/**
 * The caller's `traceparent` (W3C Trace Context, version 00), or null when it is missing or malformed: it is
 * stored with the job and sent on with its messages.
 */
export function traceparentOf(header: string | readonly string[] | undefined): string | null {
  if (typeof header !== 'string') return null;
  const match = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(header);
  if (match === null) return null;
  const [, traceId = '', spanId = ''] = match;
  return /^0+$/.test(traceId) || /^0+$/.test(spanId) ? null : header;
}
