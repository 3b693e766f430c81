import type { ReembeddingProgress } from '../content/reembedding.ts';
import type { ReadinessShape } from './schemas/system.ts';
import type { Services } from './services.ts';

const PROBE_LIMIT_MS = 2000;
/** Anybody may ask, so many askers share one round of probes. */
const KEPT_MS = 1000;

export interface ReadinessOptions {
  readonly services: Pick<Services, 'isReady' | 'probes' | 'reembedding'>;
  readonly elapsed: () => number;
}

/** Tells whether every port answers, each with its latency; asks the ports at most once a second. */
export function createReadiness({ services, elapsed }: ReadinessOptions): () => Promise<ReadinessShape> {
  let latest: { readonly atMs: number; readonly ports: Promise<ReadinessShape['ports']> } | null = null;
  return async () => {
    if (latest === null || elapsed() - latest.atMs > KEPT_MS)
      latest = { atMs: elapsed(), ports: probeAll(services.probes) };
    const ports = await latest.ports;
    const ready = services.isReady() && ports.every(({ status }) => status === 'up');
    return { status: ready ? 'ready' : 'not_ready', ports, reembedding: shapeOf(services.reembedding()) };
  };
}

function shapeOf(progress: ReembeddingProgress | null): ReadinessShape['reembedding'] {
  if (progress === null) return null;
  const { model, chunksDone, chunks, problem } = progress;
  return { model, chunks_done: chunksDone, chunks, problem };
}

async function probeAll(probes: Services['probes']): Promise<ReadinessShape['ports']> {
  return Promise.all(
    [...probes].map(async ([name, probe]) => {
      const latencyMs = await answered(probe);
      return latencyMs === null
        ? { name, status: 'down' as const, latency_ms: null }
        : { name, status: 'up' as const, latency_ms: Math.round(latencyMs * 1000) / 1000 };
    }),
  );
}

/** Null when the probe fails or takes too long. */
async function answered(probe: () => Promise<number>): Promise<number | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(late.resolve, PROBE_LIMIT_MS, null);
  try {
    return await Promise.race([probe().catch(() => null), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
