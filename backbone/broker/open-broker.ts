import { AppError } from '../errors.ts';
import type { Broker } from './broker.ts';
import { openMemoryBroker, type MemoryBrokerOptions } from './memory-broker.ts';

/** The broker that BROKER_URL names. `memory:` lives in this process; other schemes reject with `config_invalid`. */
export function openBroker(url: string, options: MemoryBrokerOptions): Promise<Broker> {
  // Only the scheme is ever shown: the rest may hold a password.
  const scheme = URL.canParse(url) ? new URL(url).protocol : null;
  if (scheme === 'memory:') return Promise.resolve(openMemoryBroker(options));
  const faults = `BROKER_URL must begin with memory:, not with ${scheme ?? 'something that is no scheme'}`;
  return Promise.reject(new AppError('config_invalid', { params: { faults } }));
}
