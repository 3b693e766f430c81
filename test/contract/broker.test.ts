import { openMemoryBroker } from '../../backbone/broker/memory-broker.ts';
import { createManualClock } from '../unit/broker/manual-clock.ts';
import { describeBroker } from './broker.contract.ts';

describeBroker('in memory', () => {
  const { now, setTimer, elapse } = createManualClock(Date.UTC(2026, 0, 1));
  const broker = openMemoryBroker({ now, setTimer, maxRecordsPerTopic: 1000, onFault: () => undefined });
  return Promise.resolve({ broker, now, elapse });
});
