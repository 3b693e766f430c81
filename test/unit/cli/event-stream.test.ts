import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readEvents, type StreamEvent } from '../../../backbone/cli/event-stream.ts';

async function read(...parts: readonly string[]): Promise<readonly StreamEvent[]> {
  async function* text(): AsyncGenerator<string> {
    yield* parts;
  }
  const events: StreamEvent[] = [];
  for await (const event of readEvents(text())) events.push(event);
  return events;
}

describe('a stream of server-sent events', () => {
  test('is read message by message, wherever it is cut', async () => {
    const text =
      'id: 1\ndata: {"a":1}\n\n: heartbeat\n\nid: 2\r\ndata:two\r\ndata: lines\r\n\r\nretry: 5\ndata\n\n';
    const wanted = [
      { id: '1', data: '{"a":1}' },
      { id: '2', data: 'two\nlines' },
      { id: '2', data: '' },
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 6 }), async (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        const parts = at.slice(1).map((end, index) => text.slice(at[index], end));
        expect(await read(...parts)).toEqual(wanted);
      }),
    );
  });

  test('drops a message that was not finished', async () => {
    expect(await read('data: 1\n\ndata: 2\n')).toEqual([{ id: null, data: '1' }]);
  });

  test('has an end to its lines', async () => {
    const part = 'x'.repeat(1024 * 1024);
    await expect(read(part, part, part, part, part)).rejects.toThrow('line of the stream is too long');
  });

  test('has an end to its messages', async () => {
    const part = `data: ${'x'.repeat(1024 * 1024)}\n`;
    await expect(read(part, part, part, part, part)).rejects.toThrow('message of the stream is too long');
  });
});
