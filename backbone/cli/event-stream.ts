/** One message of a stream of server-sent events (https://html.spec.whatwg.org/#event-stream-interpretation). */
export interface StreamEvent {
  readonly id: string | null;
  readonly data: string;
}

/** Longest line and message, in characters: far more than any status, and a bound on what is held. */
const MAX_LENGTH = 4 * 1024 * 1024;

/**
 * Reads the messages out of the text of a stream, in order. Comments, such as heartbeats, and fields other than
 * `id` and `data` are passed over.
 * @throws Error when a message has no end
 */
export async function* readEvents(text: AsyncIterable<string>): AsyncGenerator<StreamEvent> {
  let id: string | null = null;
  let data: string[] = [];
  let length = 0;
  for await (const line of lines(text)) {
    if (line === '') {
      if (data.length > 0) yield { id, data: data.join('\n') };
      data = [];
      length = 0;
      continue;
    }
    const [field, value] = fieldOf(line);
    if (field === 'id') id = value;
    if (field !== 'data') continue;
    length += value.length;
    if (length > MAX_LENGTH) throw new Error('a message of the stream is too long');
    data.push(value);
  }
}

/** Ends of lines are LF or CRLF here. What follows the last one is an unfinished message, and dropped. */
async function* lines(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const part of text) {
    const pieces = (rest + part).split('\n');
    rest = pieces.pop() ?? '';
    if (rest.length > MAX_LENGTH) throw new Error('a line of the stream is too long');
    for (const piece of pieces) yield piece.endsWith('\r') ? piece.slice(0, -1) : piece;
  }
}

function fieldOf(line: string): readonly [string, string] {
  const at = line.indexOf(':');
  if (at < 0) return [line, ''];
  const value = line.slice(at + 1);
  return [line.slice(0, at), value.startsWith(' ') ? value.slice(1) : value];
}
