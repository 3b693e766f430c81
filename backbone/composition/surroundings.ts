import { randomUUID } from 'node:crypto';
import type { Config } from '../config.ts';
import type { TypeRegistry } from '../content/content-types.ts';
import type { Crash } from '../crash-points.ts';
import type { Shutdown } from '../lifecycle.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';

/** What every part of the backbone is built with. */
export interface Surroundings {
  readonly config: Config;
  readonly types: TypeRegistry;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly crash: Crash;
  readonly shutdown: Shutdown;
}

/** 32 hex digits. */
export function newId(): string {
  return randomUUID().replaceAll('-', '');
}
