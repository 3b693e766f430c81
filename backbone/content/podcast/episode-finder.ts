/** Finds the episode in a feed, or on a page with the help of the feeds that it names. */
import { AppError } from '../../errors.ts';
import type { ManagerPorts } from '../content-manager.ts';
import type { ContentWarning } from '../model.ts';
import { HEAD_BYTES } from '../parsing/head-reader.ts';
import { detectMediaType } from '../parsing/media-type.ts';
import type { ParserInput } from '../parsing/parser.ts';
import type { EpisodeQuery } from './episode-choice.ts';
import type { EpisodePage } from './episode-page.ts';
import type { FeedEpisode } from './episode.ts';
import { fetchFile } from '../fetched-file.ts';

export type FinderPorts = Pick<ManagerPorts, 'fetcher' | 'limits' | 'now' | 'parsePool'>;
export type FoundFile = Pick<ParserInput, 'bytes' | 'mediaType' | 'declaredCharset' | 'baseUrl'>;

export interface FoundEpisode {
  readonly episode: FeedEpisode;
  readonly origin: 'feed' | 'page';
  readonly warnings: readonly ContentWarning[];
}

const FEED_READER = new URL('./episode-feed.ts', import.meta.url).href;
const PAGE_READER = new URL('./episode-page.ts', import.meta.url).href;

export class EpisodeFinder {
  readonly #ports: FinderPorts;
  readonly #signal: AbortSignal;

  constructor(ports: FinderPorts, signal: AbortSignal) {
    this.#ports = ports;
    this.#signal = signal;
  }

  /** @throws AppError episode_not_found, file_damaged, file_unsafe, source_too_large; the signal's reason */
  inFeed(feed: FoundFile, { name, links }: EpisodeQuery): Promise<FeedEpisode> {
    return this.#read<FeedEpisode>(FEED_READER, 'readEpisode', feed, { episode: name, links });
  }

  /**
   * The episode that the page is about; with `name`, the one of that name in the page's feeds. What a feed says goes
   * first, and the page has the rest. @throws AppError no_episode, episode_not_found; the signal's reason
   */
  async onPage(page: FoundFile, name: string | null): Promise<FoundEpisode> {
    const { episode, feeds } = await this.#read<EpisodePage>(PAGE_READER, 'readEpisodePage', page, {});
    const addresses = [page.baseUrl, episode.pageUrl, episode.audio?.url].filter(
      (link) => typeof link === 'string',
    );
    const query: EpisodeQuery = name === null ? { name, links: addresses } : { name, links: [] };
    const warnings: ContentWarning[] = [];
    for (const url of feeds) {
      const found = await this.#tried(url, query, warnings);
      if (found === null) continue;
      return { episode: name === null ? completed(found, episode) : found, origin: 'feed', warnings };
    }
    if (name !== null) throw new AppError('episode_not_found', { params: { episode: name.slice(0, 100) } });
    if (episode.audio === null) throw new AppError('no_episode');
    return { episode, origin: 'page', warnings };
  }

  /** A feed that cannot be read is a warning, since the page may tell enough. */
  async #tried(url: string, query: EpisodeQuery, warnings: ContentWarning[]): Promise<FeedEpisode | null> {
    try {
      return await this.inFeed(await this.#fetched(url), query);
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!(error instanceof AppError)) throw error;
      if (error.code !== 'episode_not_found')
        warnings.push({
          code: 'companion_missing',
          message: `The feed at ${url} could not be read: ${error.message}`,
        });
      return null;
    }
  }

  async #fetched(url: string): Promise<FoundFile> {
    const { bytes, response } = await fetchFile(this.#ports, {
      url,
      purpose: 'content',
      signal: this.#signal,
      maxBytes: this.#ports.limits.textBytes,
    });
    const { mediaType } = await detectMediaType(bytes.subarray(0, HEAD_BYTES), {
      declared: response.mediaType,
      fileName: response.fileName,
    });
    return { bytes, mediaType, declaredCharset: response.charset, baseUrl: response.url };
  }

  /** An episode is the same one wherever its name stands: so no fragment of an address goes into what is stored. */
  #read<T>(
    moduleUrl: string,
    exportName: string,
    file: FoundFile,
    options: Readonly<Record<string, unknown>>,
  ): Promise<T> {
    const { limits, now, parsePool } = this.#ports;
    const more = { now: now().toISOString(), maxTextBytes: limits.textBytes };
    const baseUrl = file.baseUrl?.replace(/#.*/s, '') ?? null;
    const input = { ...file, baseUrl, fileName: null, options: { ...options, ...more } };
    return parsePool.run<T>(
      { moduleUrl, exportName, input },
      { signal: this.#signal, onProgress: () => undefined },
    );
  }
}

/** What the feed leaves open is taken from the page. */
export function completed(feed: FeedEpisode, page: FeedEpisode): FeedEpisode {
  const notes = feed.notes === null ? { notes: page.notes, baseUrl: page.baseUrl } : {};
  return {
    ...feed,
    title: feed.title ?? page.title,
    show: feed.show ?? page.show,
    authors: feed.authors.length > 0 ? feed.authors : page.authors,
    language: feed.language ?? page.language,
    publishedAt: feed.publishedAt ?? page.publishedAt,
    season: feed.season ?? page.season,
    number: feed.number ?? page.number,
    durationSeconds: feed.durationSeconds ?? page.durationSeconds,
    pageUrl: feed.pageUrl ?? page.pageUrl,
    imageUrl: feed.imageUrl ?? page.imageUrl,
    audio: feed.audio ?? page.audio,
    ...notes,
  };
}
