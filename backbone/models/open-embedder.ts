import { AppError } from '../errors.ts';
import type { Fetcher } from '../fetch/fetcher.ts';
import type { Embedder } from './embedder.ts';
import { openHttpEmbedder } from './http-embedder.ts';
import { openLocalEmbedder, type LocalEmbedderOptions } from './local-embedder.ts';
import { USE_LITE_MODEL, openUseLite } from './use-lite.ts';

export interface EmbedderDeps {
  readonly fetcher: Fetcher;
  /** Of a service whose URL holds none. */
  readonly key?: string | undefined;
  /** Of a model on this machine. */
  readonly local: LocalEmbedderOptions;
}

/**
 * The embedder an EMBEDDER_URL names: `use-lite:` (offline, the default of the settings), `local:` (a model on this machine, see `local-model-url.ts`), or an
 * OpenAI-compatible service by `http(s)://` or `openai+http(s)://` (see `embedder-url.ts`).
 * Nothing is loaded or connected to yet.
 * @throws AppError config_invalid
 */
export function openEmbedder(url: string, { fetcher, key, local }: EmbedderDeps): Embedder {
  const scheme = url.slice(0, url.indexOf(':') + 1).toLowerCase();
  switch (scheme) {
    case 'use-lite:':
      return openUseLite();
    case 'local:':
      return openLocalEmbedder(url, local);
    case 'http:':
    case 'https:':
    case 'openai+http:':
    case 'openai+https:':
      return openHttpEmbedder(url, { fetcher, key, now: Date.now });
    default:
      throw new AppError('config_invalid', {
        params: { faults: 'EMBEDDER_URL: it must begin with use-lite:, local:, http:// or https://' },
      });
  }
}

/** An embedder for questions about vectors that a former EMBEDDER_URL made; null when it takes that URL. */
export function openFormerEmbedder(model: string): Embedder | null {
  return model === USE_LITE_MODEL ? openUseLite() : null;
}
