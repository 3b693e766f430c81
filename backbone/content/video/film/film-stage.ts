/** The stages `extract` and `transcribe` of films. */
import { AppError } from '../../../errors.ts';
import type { StoredFile } from '../../../stores/records/entities.ts';
import { artifactKey, type ExtractionArtifact, type SourceArtifact } from '../../artifacts.ts';
import type { ManagerPorts, StageContext, StageResult } from '../../content-manager.ts';
import type { ContentWarning, Extraction } from '../../model.ts';
import type { Hearable } from '../../steps/transcribe.ts';
import { isSpoken } from '../../transcripts/spoken-section.ts';
import { languagesIn } from '../video-options.ts';
import { captionsBeside } from './captions-beside.ts';
import type { FilmTrack, FilmTrackKind } from './film.ts';
import type { FilmInput } from './film-parser.ts';

const PARSER = new URL('./film-parser.ts', import.meta.url).href;
const CAPTIONS_TYPE = 'text/vtt';
const JPEG_TYPE = 'image/jpeg';
/** Of the way through a film: behind the leader, before the end. */
const THUMBNAIL_SHARE = 0.1;

/** Reads a copy of the film on this machine; makes a thumbnail where ffmpeg is there. */
export async function extractFilm(
  ports: ManagerPorts,
  context: StageContext,
  source: SourceArtifact,
): Promise<StageResult> {
  const bytes = await ports.blobs.read(source.file.key);
  return ports.temporaryFiles.withCopy(bytes, context.signal, async (file) => {
    const known = await storedCaptions(ports, source);
    const read = (captions: string | null): Promise<Extraction> =>
      parsed(ports, context, inputOf(file, source, context, captions));
    let extraction = await read(known);
    let captions = source.captions;
    if (known === null && !extraction.blocks.some(isSpoken) && source.finalUrl !== null) {
      const found = await captionsBeside(ports, source.finalUrl, context.signal);
      if (found !== null) {
        extraction = await read(found);
        captions = await kept(ports, context, 'captions', { bytes: found, mediaType: CAPTIONS_TYPE });
      }
    }
    context.progress(0.8);
    const picture = await thumbnailOf(ports, context, { file, source, extraction });
    const { file: thumbnail = source.thumbnail } = picture;
    const warnings = [...extraction.warnings, ...picture.warnings];
    const beside = {
      ...(captions === undefined ? {} : { captions }),
      ...(thumbnail === undefined ? {} : { thumbnail }),
    };
    const artifact: ExtractionArtifact = {
      source: { ...source, ...beside },
      extraction: { ...extraction, warnings },
    };
    return { kind: 'next', artifact, warnings };
  });
}

/** A film without a sound track says nothing. @throws AppError no_speech when nothing is written either */
export function hearableFilm({ extraction }: ExtractionArtifact): Hearable {
  const { durationSeconds } = extraction.typeMetadata;
  const hasSound = hasTrack(extraction, 'audio');
  if (!hasSound && extraction.blocks.length === 0) throw new AppError('no_speech');
  return {
    recording: hasSound ? 'original' : null,
    durationSeconds: typeof durationSeconds === 'number' ? durationSeconds : null,
    hasTranscript: extraction.blocks.some(isSpoken),
  };
}

/** As `film-parser.ts` writes them. */
function hasTrack({ typeMetadata }: Extraction, kind: FilmTrackKind): boolean {
  const tracks = (typeMetadata['tracks'] ?? []) as unknown as readonly FilmTrack[];
  return tracks.some((track) => track.kind === kind);
}

function inputOf(
  file: string,
  { file: stored, finalUrl }: SourceArtifact,
  { job }: StageContext,
  captions: string | null,
): FilmInput {
  const { mediaType, fileName } = stored;
  const languages = languagesIn(job.options);
  return { file, mediaType, fileName, url: finalUrl, languages, captions };
}

function parsed(
  { parsePool }: ManagerPorts,
  { signal }: StageContext,
  input: FilmInput,
): Promise<Extraction> {
  return parsePool.run<Extraction>(
    { moduleUrl: PARSER, exportName: 'readFilm', input },
    { signal, onProgress: () => undefined },
  );
}

async function storedCaptions({ blobs }: ManagerPorts, { captions }: SourceArtifact): Promise<string | null> {
  return captions === undefined ? null : (await blobs.readAll(captions.key)).toString('utf8');
}

interface FilmPicture {
  readonly file?: StoredFile;
  readonly warnings: readonly ContentWarning[];
}

/** A picture that cannot be made is a warning; without ffmpeg, or of a film without pictures, there is none. */
async function thumbnailOf(
  ports: ManagerPorts,
  context: StageContext,
  {
    file,
    source,
    extraction,
  }: { readonly file: string; readonly source: SourceArtifact; readonly extraction: Extraction },
): Promise<FilmPicture> {
  const { durationSeconds } = extraction.typeMetadata;
  if (
    source.thumbnail !== undefined ||
    !hasTrack(extraction, 'video') ||
    (await ports.frameReader.missing()) !== null
  )
    return { warnings: [] };
  const atSeconds = typeof durationSeconds === 'number' ? durationSeconds * THUMBNAIL_SHARE : 0;
  try {
    const bytes = await ports.frameReader.frameAt(file, { atSeconds, signal: context.signal });
    return { file: await kept(ports, context, 'thumbnail', { bytes, mediaType: JPEG_TYPE }), warnings: [] };
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof AppError)) throw error;
    const message = 'No picture could be made of the video.';
    return { warnings: [{ code: 'thumbnail_missing', message }] };
  }
}

async function kept(
  { blobs }: ManagerPorts,
  { job, epoch }: StageContext,
  name: string,
  { bytes, mediaType }: { readonly bytes: Buffer | string; readonly mediaType: string },
): Promise<StoredFile> {
  const key = artifactKey(job.job_id, name, epoch, 'bin');
  const { sizeBytes, sha256 } = await blobs.put(key, bytes, { mediaType });
  return { key, mediaType, sizeBytes, sha256, fileName: null };
}
