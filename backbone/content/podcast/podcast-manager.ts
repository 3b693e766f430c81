import { AppError } from '../../errors.ts';
import type { JobSource } from '../../stores/records/entities.ts';
import { artifactKey, type SourceArtifact } from '../artifacts.ts';
import { ContentManager, type StageContext, type StageResult } from '../content-manager.ts';
import { isUnchanged, knownContent } from '../steps/download.ts';
import { transcribeStage } from '../steps/transcribe.ts';
import { lookUp } from './apple-podcasts.ts';
import { withCompanions } from './companions.ts';
import { LATEST, episodeNamed } from './episode-address.ts';
import type { EpisodeQuery } from './episode-choice.ts';
import { EpisodeFinder, type FoundEpisode } from './episode-finder.ts';
import { EPISODE_TYPE } from './episode.ts';
import { heardEpisode, hearableOf } from './heard-episode.ts';
import { FEED_TYPE, OTHER_FEED_TYPES, PAGE_TYPES } from './media-types.ts';
import { appleLinkOf, isSpotify } from './podcast-places.ts';
import { PODCAST_OPTIONS } from './podcast-options.ts';

/** What is to be fetched, and which episode is sought in it. */
interface Sought {
  readonly source: JobSource;
  /** Null: nobody names one. */
  readonly query: EpisodeQuery | null;
  /** Whether only an episode will do; otherwise a feed or a page may be just that. */
  readonly isCertain: boolean;
}

const FEED_TYPES: readonly string[] = [FEED_TYPE, ...OTHER_FEED_TYPES];
const MEBIBYTE = 1024 * 1024;

/**
 * Of a feed or a page, one episode becomes the source: what is said of it, its transcript and chapters, in one file, so
 * that it can be processed anew from what is stored.
 */
export class PodcastManager extends ContentManager {
  protected override transcribe(context: StageContext): Promise<StageResult> {
    const { transcribe } = PODCAST_OPTIONS.parse(context.job.options);
    return transcribeStage(this.type, this.ports, context, {
      choice: transcribe,
      hearable: hearableOf,
      withTranscription: heardEpisode,
    });
  }

  protected override async download(context: StageContext): Promise<StageResult> {
    const sought = await this.#sought(context);
    const job = { ...context.job, source: sought.source };
    const result = await super.download({ ...context, job });
    if (result.kind !== 'next') return result;
    const source = result.artifact as SourceArtifact;
    if (FEED_TYPES.includes(source.file.mediaType)) return this.#fromFeed(source, sought, context);
    if (PAGE_TYPES.includes(source.file.mediaType)) return this.#fromPage(source, sought, context);
    return result;
  }

  async #sought({ job, signal }: StageContext): Promise<Sought> {
    const { source } = job;
    const url = source.kind === 'url' ? URL.parse(source.url) : null;
    if (url === null) return { source, query: null, isCertain: true };
    if (isSpotify(url)) throw new AppError('no_public_audio', { params: { place: 'Spotify' } });
    const name = episodeNamed(url, job.options);
    const apple = appleLinkOf(url);
    if (apple === null)
      return { source, query: name === null ? null : { name, links: [] }, isCertain: job.type_given };
    const entry = await lookUp(this.ports, name === null ? apple : { ...apple, episodeId: null }, signal);
    const { guid = null, audioUrl = null } = entry.episode ?? {};
    const links = audioUrl === null ? [] : [audioUrl];
    const query = entry.episode === null ? { name: name ?? LATEST, links } : { name: guid, links };
    return { source: { kind: 'url', url: entry.feedUrl }, query, isCertain: true };
  }

  /** A feed is read as a page of news, unless the address or the caller asks for an episode. */
  async #fromFeed(feed: SourceArtifact, sought: Sought, context: StageContext): Promise<StageResult> {
    checkAddress(feed, sought);
    if (sought.query === null && !sought.isCertain) return asPage(feed);
    const episode = await this.#finder(context).inFeed(
      await this.#input(feed),
      sought.query ?? { name: LATEST, links: [] },
    );
    return this.#stored(feed, { episode, origin: 'feed', warnings: [] }, context);
  }

  /** A page without an episode is read as a page, unless the caller asks for one. */
  async #fromPage(page: SourceArtifact, sought: Sought, context: StageContext): Promise<StageResult> {
    checkAddress(page, sought);
    const limit = this.ports.limits.bytesBySetting.MAX_PAGE_MB;
    if (page.file.sizeBytes > limit)
      throw new AppError('source_too_large', {
        params: { limit: `${Math.floor(limit / MEBIBYTE)} MB`, setting: 'MAX_PAGE_MB' },
      });
    try {
      const found = await this.#finder(context).onPage(await this.#input(page), sought.query?.name ?? null);
      return await this.#stored(page, found, context);
    } catch (error) {
      if (sought.isCertain || !(error instanceof AppError)) throw error;
      if (error.code !== 'no_episode' && error.code !== 'episode_not_found') throw error;
      return asPage(page);
    }
  }

  async #stored(source: SourceArtifact, found: FoundEpisode, context: StageContext): Promise<StageResult> {
    const companions = await withCompanions(this.ports, found.episode, context);
    const stored = {
      ...companions,
      origin: found.origin,
      warnings: [...found.warnings, ...companions.warnings],
    };
    const key = artifactKey(context.job.job_id, 'episode', context.epoch);
    const blob = await this.ports.blobs.put(key, JSON.stringify(stored), { mediaType: EPISODE_TYPE });
    const { sizeBytes, sha256 } = blob;
    const file = { key, mediaType: EPISODE_TYPE, sizeBytes, sha256, fileName: null };
    const known = await knownContent(this.ports, context);
    if (isUnchanged(known, file, context)) return { kind: 'unchanged' };
    return {
      kind: 'next',
      artifact: { ...source, file, description: 'a podcast episode', declaredCharset: null },
      files: { original: key },
    };
  }

  #finder({ signal }: StageContext): EpisodeFinder {
    return new EpisodeFinder(this.ports, signal);
  }

  async #input({ file, declaredCharset, finalUrl }: SourceArtifact): Promise<{
    readonly bytes: Uint8Array;
    readonly mediaType: string;
    readonly declaredCharset: string | null;
    readonly baseUrl: string | null;
  }> {
    const bytes = await this.ports.blobs.readAll(file.key);
    return { bytes, mediaType: file.mediaType, declaredCharset, baseUrl: finalUrl };
  }
}

function asPage(artifact: SourceArtifact): StageResult {
  return { kind: 'reroute', contentType: 'webpage', artifact };
}

/** An episode is named in the address of its feed, and a file has none. */
function checkAddress({ description }: SourceArtifact, { source }: Sought): void {
  if (source.kind === 'url') return;
  throw new AppError('type_mismatch', { params: { actual: description, wanted: 'a podcast episode' } });
}
