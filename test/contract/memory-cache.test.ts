import { openCache } from '../../backbone/stores/cache/open-cache.ts';
import { describeCache } from './cache.contract.ts';

describeCache('memory', async () => {
  let nowMs = 0;
  const cache = await openCache({
    url: 'memory:',
    now: () => nowMs,
    onListenerError: (error) => {
      throw error;
    },
  });
  return {
    cache,
    async pass(ms) {
      nowMs += ms;
    },
    close: () => cache.close(),
  };
});
