/** Whether a text is an e-mail message. Pure; looks at the beginning only. */

const SAMPLE_CHARACTERS = 16 * 1024;
const SAMPLE_LINES = 200;
const FIELD = /^([!-9;-~]{1,100}):(?:\s|$)/;
/** Fields that people write at the head of a note, too. */
const COMMON = new Set(['from', 'to', 'cc', 'subject', 'date', 'reply-to', 'sender']);
/** Fields that only mail programs write. */
const TECHNICAL = new Set([
  'received',
  'return-path',
  'delivered-to',
  'mime-version',
  'message-id',
  'dkim-signature',
  'arc-seal',
  'authentication-results',
  'received-spf',
  'x-mozilla-status',
]);

/**
 * `isNamed`: name or declaration say that it is a message; then a field of any message at the head will
 * do. Else one must be of a mail program, one of a letter, and no line of the head anything else.
 */
export function isMail(text: string, isNamed: boolean): boolean {
  const names = fieldNames(text);
  if (names === null) return false;
  const hasTechnical = names.some((name) => TECHNICAL.has(name));
  const hasCommon = names.some((name) => COMMON.has(name));
  if (isNamed) return hasTechnical || hasCommon || names.includes('content-type');
  return hasTechnical && hasCommon && names.length >= 3;
}

/** Names of the fields before the first blank line, in lower case; null when a line there is no field. */
function fieldNames(text: string): readonly string[] | null {
  const lines = text
    .slice(0, SAMPLE_CHARACTERS)
    .split('\n', SAMPLE_LINES)
    .map((line) => line.trimEnd());
  // The line a mailbox file puts in front.
  if (/^From \S/.test(lines[0] ?? '')) lines.shift();
  const names: string[] = [];
  for (const line of lines) {
    if (line === '') break;
    const name = FIELD.exec(line)?.[1]?.toLowerCase();
    if (name !== undefined) names.push(name);
    // The last line of the sample may be cut off.
    else if ((!/^[ \t]/.test(line) || names.length === 0) && line !== lines.at(-1)) return null;
  }
  return names;
}
