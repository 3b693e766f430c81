/**
 * The backbone with one more content type, whose six stages do nothing: what is measured on it is the pipeline
 * alone. With BENCH_HOLD its jobs stay in their first stage, so that those behind them wait.
 */
import { createApp } from '../../backbone/app.ts';
import { readConfig } from '../../backbone/config.ts';
import { CONTENT_TYPES } from '../../backbone/content/content-types.ts';
import { scriptedType, type StageScript } from '../support/scripted-type.ts';

const untilStopped: StageScript = (_stage, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
const script = process.env['BENCH_HOLD'] === undefined ? undefined : untilStopped;

const app = createApp(readConfig(), { types: [...CONTENT_TYPES, scriptedType(script)] });
process.once('SIGTERM', () => void app.stop().then(() => process.exit(0)));
const { url } = await app.start();
process.stdout.write(`The backbone listens at ${url}\n`);
