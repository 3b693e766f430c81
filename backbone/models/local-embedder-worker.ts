import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { serve } from './embedding-worker.ts';
import { loadLocalModel, type LocalModelOptions } from './local-model.ts';

/** The worker thread of `local-embedder.ts`. */
if (!isMainThread && parentPort !== null)
  serve(parentPort, (notify) => loadLocalModel(workerData as LocalModelOptions, notify));
