/** The stage `download` of a page that shows a video. */
import { AppError } from '../../../errors.ts';
import { artifactKey, type SourceArtifact } from '../../artifacts.ts';
import type { ManagerPorts, StageContext, StageResult } from '../../content-manager.ts';
import type { ContentWarning } from '../../model.ts';
import { isUnchanged, knownContent } from '../../steps/download.ts';
import { readCaptions } from '../../transcripts/caption-file.ts';
import { fetchText } from '../../transcripts/fetch-text.ts';
import { TRANSCRIPT_LIMITS } from '../../transcripts/transcript.ts';
import { VIDEO_TYPE } from '../stored-video.ts';
import { languagesIn } from '../video-options.ts';
import type { PageCaptions, PageVideo, StoredPageVideo } from './page-video.ts';
import { peertubeId, readPeertube } from './peertube.ts';
import type { VideoPage } from './video-page.ts';

const READER = new URL('./video-page.ts', import.meta.url).href;
const MEBIBYTE = 1024 * 1024;
export const PAGE_TYPES: readonly string[] = ['text/html', 'application/xhtml+xml'];

/**
 * What the page says of its video, and its captions, become the source, in one file. A page without a video is read as
 * a page, unless somebody said that it is one.
 */
export async function videoOfPage(
  ports: ManagerPorts,
  context: StageContext,
  page: SourceArtifact,
): Promise<StageResult> {
  const video = await readPage(ports, context, page);
  if (video === null) {
    if (context.job.type_given) throw new AppError('video_not_found');
    return { kind: 'reroute', contentType: 'webpage', artifact: page };
  }
  const stored = await withCaptions(ports, video, context);
  const key = artifactKey(context.job.job_id, 'video', context.epoch);
  const blob = await ports.blobs.put(key, JSON.stringify(stored), { mediaType: VIDEO_TYPE });
  const { sizeBytes, sha256 } = blob;
  const file = { key, mediaType: VIDEO_TYPE, sizeBytes, sha256, fileName: null };
  if (isUnchanged(await knownContent(ports, context), file, context)) return { kind: 'unchanged' };
  return {
    kind: 'next',
    artifact: { ...page, file, description: 'a video', declaredCharset: null },
    files: { original: key },
    warnings: stored.warnings,
  };
}

async function readPage(
  ports: ManagerPorts,
  { signal }: StageContext,
  { file, finalUrl, description, declaredCharset }: SourceArtifact,
): Promise<PageVideo | null> {
  const limit = ports.limits.bytesBySetting.MAX_PAGE_MB;
  if (file.sizeBytes > limit)
    throw new AppError('source_too_large', {
      params: { limit: `${Math.floor(limit / MEBIBYTE)} MB`, setting: 'MAX_PAGE_MB' },
    });
  if (finalUrl === null)
    throw new AppError('type_mismatch', { params: { actual: description, wanted: 'a video' } });
  const input = { bytes: await ports.blobs.readAll(file.key), declaredCharset, url: finalUrl };
  const { video, isPeertube } = await ports.parsePool.run<VideoPage>(
    { moduleUrl: READER, exportName: 'readVideoPage', input },
    { signal, onProgress: () => undefined },
  );
  const url = new URL(finalUrl);
  const id = isPeertube ? peertubeId(url) : null;
  if (id === null) return video;
  return readPeertube(ports, { url, id, thumbnailUrl: video?.thumbnailUrl ?? null }, signal);
}

/** Captions that cannot be had are a warning. */
async function withCaptions(
  ports: ManagerPorts,
  video: PageVideo,
  { job, signal }: StageContext,
): Promise<StoredPageVideo> {
  const track = chosenTrack(video.captions, languagesIn(job.options));
  if (track === null) return { kind: 'page', video, captions: null, warnings: [] };
  try {
    const text = await fetchText(ports, track.url, signal);
    if (readCaptions(text, { ...TRANSCRIPT_LIMITS, cues: 1 }).cues.length > 0)
      return { kind: 'page', video, captions: { track, text }, warnings: [] };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError)) throw error;
  }
  const message = `The captions at ${track.url} could not be read.`;
  const warning: ContentWarning = { code: 'companion_missing', message };
  return { kind: 'page', video, captions: null, warnings: [warning] };
}

/** The first wanted language that is there, else the first track. */
export function chosenTrack(tracks: readonly PageCaptions[], wanted: readonly string[]): PageCaptions | null {
  for (const tag of wanted) {
    const language = new Intl.Locale(tag).language;
    const found = tracks.find((track) => track.language?.split('-')[0] === language);
    if (found !== undefined) return found;
  }
  return tracks[0] ?? null;
}
