import { beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { ParseReply } from '../../../backbone/content/parsing/parse-protocol.ts';
import { parseRequest } from '../../support/parse-request.ts';

describe('the entry of the thread', () => {
  let port: MessagePort | null = null;

  beforeAll(() => {
    jest.unstable_mockModule('node:worker_threads', () => ({
      get parentPort() {
        return port;
      },
    }));
  });

  beforeEach(() => {
    jest.resetModules();
  });

  test('serves its owner', async () => {
    const channel = new MessageChannel();
    port = channel.port2;
    await import('../../../backbone/content/parsing/parse-worker.ts');
    const replies: ParseReply[] = [];
    await new Promise<void>((resolve) => {
      channel.port1.on('message', (reply: ParseReply) => {
        replies.push(reply);
        if (reply.kind !== 'progress') resolve();
      });
      channel.port1.postMessage(parseRequest('sound'));
    });
    channel.port1.close();
    expect(replies.at(-1)?.kind).toBe('done');
  });

  test('refuses to run outside of a thread', async () => {
    port = null;
    await expect(import('../../../backbone/content/parsing/parse-worker.ts')).rejects.toThrow(
      'worker thread only',
    );
  });
});
