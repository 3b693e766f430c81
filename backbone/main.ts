/** The backbone as a program: settings, start, signals. */
import path from 'node:path';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { AppError } from './errors.ts';

const out = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** Ends this process with an exit code when it cannot start. */
async function main(): Promise<void> {
  const config = readConfig();
  const app = createApp(config, { onProgress: out });
  stopOnSignals(app.stop);
  const { url, firstKey } = await app.start();
  out(`The backbone listens at ${url}`);
  out(`Data: ${config.dataDir}`);
  if (firstKey !== null) out(`API key (first start): ${firstKey}`);
  out(`The API key for programs on this machine is in ${path.join(config.dataDir, 'api-key')}`);
}

/** The first signal stops in order, a second one at once. */
function stopOnSignals(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    out('Stopping: running stages may finish ...');
    void stop().then(() => process.exit(0));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  complain(error.message);
  complain(error.hint);
  process.exitCode = 1;
}
