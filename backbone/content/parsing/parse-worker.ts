/** Entry of a parse thread. */
import { parentPort } from 'node:worker_threads';
import { serveParseRequests } from './parse-task.ts';

if (parentPort === null) throw new Error('parse-worker.ts runs as a worker thread only');
serveParseRequests(parentPort, () => performance.now());
