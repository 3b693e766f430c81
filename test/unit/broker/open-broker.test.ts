import { describe, expect, test } from '@jest/globals';
import { openBroker } from '../../../backbone/broker/open-broker.ts';

const options = { now: () => 0, maxRecordsPerTopic: 10, onFault: () => undefined };

describe('opening the broker', () => {
  test('by memory: gives one that lives in this process', async () => {
    const broker = await openBroker('memory:', options);
    await broker.createTopics([{ name: 'topic', partitions: 1, retentionMs: 1000 }]);
    expect(await broker.lag('group', ['topic'])).toEqual(new Map([['topic', 0]]));
    await broker.close();
  });

  test.each(['kafka://name:secret@host:9092', 'secret', ''])(
    'by %p is refused, without showing what follows the scheme',
    async (url) => {
      const error: unknown = await openBroker(url, options).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'config_invalid' });
      expect(String(error)).not.toContain('secret');
    },
  );
});
