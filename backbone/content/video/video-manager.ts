import { AppError } from '../../errors.ts';
import type { StoredFile } from '../../stores/records/entities.ts';
import { artifactKey, type SourceArtifact } from '../artifacts.ts';
import { ContentManager, type StageContext, type StageResult } from '../content-manager.ts';
import type { ContentWarning, JsonObject } from '../model.ts';
import { expansionOf } from '../expansion.ts';
import { isUnchanged, knownContent } from '../steps/download.ts';
import { transcribeStage } from '../steps/transcribe.ts';
import { chaptersIn } from './description-chapters.ts';
import { extractFilm } from './film/film-stage.ts';
import { hearableOf, heardVideo, isFilm } from './heard-video.ts';
import { innertubeProvider } from './innertube-provider.ts';
import { PAGE_TYPES, videoOfPage } from './page/page-stage.ts';
import { readVideo, type ReadVideo } from './provider-chain.ts';
import { storedTrack, unsignedUrl, VIDEO_TYPE, type StoredSource, type StoredVideo } from './stored-video.ts';
import { languagesIn, VIDEO_OPTIONS } from './video-options.ts';
import { readVideoList } from './video-list.ts';
import { watchPageProvider } from './watch-page-provider.ts';
import { youtubeAddress, YOUTUBE_KINDS, type YoutubeAddress } from './youtube-address.ts';
import type { YoutubeProvider, YoutubeProviderName } from './youtube-provider.ts';
import { youtubeSite, type YoutubeSite } from './youtube-site.ts';
import { ytdlProvider } from './ytdl-provider.ts';

const PICTURE = /^image\/(?:jpeg|png|webp)$/;
const MOST_PICTURE_BYTES = 4 * 1024 * 1024;

const PROVIDERS: Readonly<
  Record<YoutubeProviderName, (site: YoutubeSite, now: () => Date) => YoutubeProvider>
> = {
  innertube: innertubeProvider,
  'watch-page': watchPageProvider,
  ytdl: ytdlProvider,
};

/**
 * What YouTube says of a video and its captions, or of a list, becomes the source: one file, so that it can be processed anew
 * from what is stored. Other addresses are downloaded as everywhere.
 */
export class VideoManager extends ContentManager {
  protected override extract(context: StageContext): Promise<StageResult> {
    const source = context.input as SourceArtifact;
    return isFilm(source) ? extractFilm(this.ports, context, source) : super.extract(context);
  }

  protected override transcribe(context: StageContext): Promise<StageResult> {
    const { transcribe } = VIDEO_OPTIONS.parse(context.job.options);
    return transcribeStage(this.type, this.ports, context, {
      choice: transcribe,
      hearable: hearableOf,
      withTranscription: heardVideo,
    });
  }

  protected override async download(context: StageContext): Promise<StageResult> {
    const { source } = context.job;
    const address = source.kind === 'url' ? youtubeAddress(new URL(source.url)) : null;
    if (address === null) return this.#fetched(context);
    const { fetcher, youtube, now } = this.ports;
    const site = youtubeSite({ fetcher, baseUrl: youtube.baseUrl, now });
    if (address.kind !== 'video') {
      const list = await readVideoList(site, address, context.signal);
      return this.#kept(context, list, { warnings: [], thumbnail: null });
    }
    return this.#video(context, site, address);
  }

  /** A film is kept as it is; of a page, its video. */
  async #fetched(context: StageContext): Promise<StageResult> {
    const result = await super.download(context);
    if (result.kind !== 'next') return result;
    const source = result.artifact as SourceArtifact;
    return PAGE_TYPES.includes(source.file.mediaType) ? videoOfPage(this.ports, context, source) : result;
  }

  async #video(
    context: StageContext,
    site: YoutubeSite,
    { videoId }: Extract<YoutubeAddress, { readonly kind: 'video' }>,
  ): Promise<StageResult> {
    const { youtube, now } = this.ports;
    const providers = youtube.providers.map((name) => PROVIDERS[name](site, now));
    const { signal, job } = context;
    const read = await readVideo(site, providers, { videoId, wanted: languagesIn(job.options), signal });
    context.progress(0.7);
    const picture = await this.#picture(context, site, read);
    return this.#kept(context, storedVideo(read), {
      warnings: [...read.warnings, ...picture.warnings],
      thumbnail: picture.file,
    });
  }

  async #kept(
    context: StageContext,
    stored: StoredSource,
    {
      warnings,
      thumbnail,
    }: { readonly warnings: readonly ContentWarning[]; readonly thumbnail: StoredFile | null },
  ): Promise<StageResult> {
    const key = artifactKey(context.job.job_id, 'video', context.epoch);
    const blob = await this.ports.blobs.put(key, JSON.stringify(stored), { mediaType: VIDEO_TYPE });
    const { sizeBytes, sha256 } = blob;
    const file = { key, mediaType: VIDEO_TYPE, sizeBytes, sha256, fileName: null };
    const known = await knownContent(this.ports, context);
    if (isUnchanged(known, file, context))
      return { kind: 'unchanged', expansion: this.#storedExpansion(context, known?.type_metadata ?? {}) };
    return {
      kind: 'next',
      artifact: {
        file,
        ...(thumbnail === null ? {} : { thumbnail }),
        description: YOUTUBE_KINDS[stored.kind],
        declaredCharset: null,
        finalUrl: context.job.url,
        etag: null,
        lastModified: null,
      },
      files: { original: key },
      warnings,
    };
  }

  #storedExpansion({ job }: StageContext, typeMetadata: JsonObject): ReturnType<typeof expansionOf> {
    const hasType = (name: string): boolean => this.ports.types.find(name) !== null;
    return expansionOf(this.type, job.options, { typeMetadata, hasType });
  }

  /** A picture that cannot be had is a warning. */
  async #picture(
    context: StageContext,
    site: YoutubeSite,
    { answer }: ReadVideo,
  ): Promise<{ readonly file: StoredFile | null; readonly warnings: readonly ContentWarning[] }> {
    const { thumbnailUrl: url } = answer.facts;
    if (url === null) return { file: null, warnings: [] };
    try {
      const { bytes, mediaType } = await site.read({
        url,
        signal: context.signal,
        maxBytes: MOST_PICTURE_BYTES,
      });
      if (mediaType === null || !PICTURE.test(mediaType)) throw new AppError('source_undecodable');
      const key = artifactKey(context.job.job_id, 'thumbnail', context.epoch, 'image');
      const { sizeBytes, sha256 } = await this.ports.blobs.put(key, bytes, { mediaType });
      return { file: { key, mediaType, sizeBytes, sha256, fileName: null }, warnings: [] };
    } catch (error) {
      context.signal.throwIfAborted();
      if (!(error instanceof AppError) || error.kind === 'systemic') throw error;
      const message = `The thumbnail at ${url} could not be fetched: ${error.message}`;
      return { file: null, warnings: [{ code: 'thumbnail_missing', message }] };
    }
  }
}

function storedVideo({ provider, answer, captions }: ReadVideo): StoredVideo {
  const { facts, tracks } = answer;
  return {
    kind: 'video',
    provider,
    facts: { ...facts, thumbnailUrl: unsignedUrl(facts.thumbnailUrl) },
    tracks: tracks.map(storedTrack),
    chapters: chaptersIn(facts.description ?? '', facts.durationSeconds),
    captions: captions === null ? null : { track: storedTrack(captions.track), text: captions.text },
  };
}
