import type { App } from '../app.ts';
import type { Config } from '../config.ts';

/**
 * A backbone for this process. Loaded late, since its libraries take a while, and logging to standard error,
 * since standard output belongs to the command.
 */
export async function loadApp(config: Config, onProgress: (message: string) => void): Promise<App> {
  const [{ createApp }, { createLogger }] = await Promise.all([import('../app.ts'), import('../logger.ts')]);
  const logger = createLogger({ level: config.LOG_LEVEL, destination: process.stderr });
  return createApp(config, { logger, onProgress });
}
