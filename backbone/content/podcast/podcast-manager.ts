import { AppError } from '../../errors.ts';
import { artifactKey, type SourceArtifact } from '../artifacts.ts';
import { ContentManager, type StageContext, type StageResult } from '../content-manager.ts';
import { isUnchanged, knownContent } from '../steps/download.ts';
import { transcribeStage } from '../steps/transcribe.ts';
import { withCompanions } from './companions.ts';
import { EPISODE_TYPE, LATEST, episodeNamed, type FeedEpisode } from './episode.ts';
import { heardEpisode, hearableOf } from './heard-episode.ts';
import { FEED_TYPE } from './media-types.ts';
import { PODCAST_OPTIONS } from './podcast-options.ts';

const FEED_READER = new URL('./episode-feed.ts', import.meta.url).href;

/**
 * Of a feed, one episode becomes the source: what the feed says of it, its transcript and chapters, in one file, so
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
    const result = await super.download(context);
    if (result.kind !== 'next') return result;
    const feed = result.artifact as SourceArtifact;
    return feed.file.mediaType === FEED_TYPE ? this.#episodeOf(feed, context) : result;
  }

  async #episodeOf(feed: SourceArtifact, context: StageContext): Promise<StageResult> {
    const episode = await this.#readEpisode(feed, context);
    const stored = await withCompanions(this.ports, episode, context);
    const key = artifactKey(context.job.job_id, 'episode', context.epoch);
    const blob = await this.ports.blobs.put(key, JSON.stringify(stored), { mediaType: EPISODE_TYPE });
    const { sizeBytes, sha256 } = blob;
    const file = { key, mediaType: EPISODE_TYPE, sizeBytes, sha256, fileName: null };
    const known = await knownContent(this.ports, context);
    if (isUnchanged(known, file, context)) return { kind: 'unchanged' };
    return {
      kind: 'next',
      artifact: { ...feed, file, description: 'a podcast episode', declaredCharset: null },
      files: { original: key },
    };
  }

  #readEpisode(feed: SourceArtifact, { job, signal }: StageContext): Promise<FeedEpisode> {
    // An episode is named in the address of its feed, and a file has none.
    if (job.source.kind !== 'url')
      throw new AppError('type_mismatch', {
        params: { actual: feed.description, wanted: 'a podcast episode' },
      });
    return this.#parsed(feed, episodeNamed(new URL(job.source.url)) ?? LATEST, signal);
  }

  async #parsed(feed: SourceArtifact, episode: string, signal: AbortSignal): Promise<FeedEpisode> {
    const { blobs, limits, now, parsePool } = this.ports;
    const input = {
      bytes: await blobs.readAll(feed.file.key),
      mediaType: feed.file.mediaType,
      declaredCharset: feed.declaredCharset,
      baseUrl: feed.finalUrl,
      fileName: null,
      options: { episode, now: now().toISOString(), maxTextBytes: limits.textBytes },
    };
    return parsePool.run<FeedEpisode>(
      { moduleUrl: FEED_READER, exportName: 'readEpisode', input },
      { signal, onProgress: () => undefined },
    );
  }
}
