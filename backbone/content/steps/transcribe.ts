import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream';
import { AppError } from '../../errors.ts';
import { throwForStatus } from '../../fetch/throw-for-status.ts';
import type { StoredFile } from '../../stores/records/entities.ts';
import { workPrefix, type ExtractionArtifact, type SourceArtifact } from '../artifacts.ts';
import type { ManagerPorts, StageContext, StageResult } from '../content-manager.ts';
import type { ContentType } from '../content-type.ts';
import { heardSlicesIn } from '../media/heard-slices.ts';
import { transcribe, type Recording, type Transcription } from '../media/transcription.ts';
import type { Block, ContentWarning, Extraction } from '../model.ts';
import { HEAD_BYTES, HeadReader } from '../parsing/head-reader.ts';
import { detectMediaType } from '../parsing/media-type.ts';
import { originalKey } from './kept-files.ts';

/** `never`: what others wrote down is read, or nothing; `auto`: where nobody did, it is heard; `always`: it is heard. */
export const TRANSCRIBE_CHOICES = ['never', 'auto', 'always'] as const;
export type TranscribeChoice = (typeof TRANSCRIBE_CHOICES)[number];

/** What the stage needs to know of a content. */
export interface Hearable {
  /** The original is the recording, or its address is told; null when there is none. */
  readonly recording: 'original' | { readonly url: string } | null;
  /** Of the recording, for progress; null unknown. */
  readonly durationSeconds: number | null;
  readonly hasTranscript: boolean;
}

export interface TranscribeStage {
  readonly choice: TranscribeChoice;
  readonly hearable: (artifact: ExtractionArtifact) => Hearable;
  /** The extraction with what was heard in it. */
  readonly withTranscription: (artifact: ExtractionArtifact, transcription: Transcription) => Extraction;
}

/** A large recording over a slow line. */
const FETCH_MS = 60 * 60 * 1000;
const GUESSED_SECONDS = 3600;

/**
 * Writes down what is said where nobody else did. Without a transcriber the stages after it go on with what is
 * written beside the recording, and the job fails once that is stored.
 */
export async function transcribeStage(
  type: ContentType,
  ports: ManagerPorts,
  context: StageContext,
  stage: TranscribeStage,
): Promise<StageResult> {
  const artifact = context.input as ExtractionArtifact;
  const { source, extraction } = artifact;
  const { recording, durationSeconds, hasTranscript } = stage.hearable(artifact);
  const isWanted = stage.choice === 'always' || (stage.choice === 'auto' && !hasTranscript);
  if (recording === null || !isWanted) return { kind: 'next', artifact: { source, extraction } };
  const { transcriber } = ports;
  if (transcriber === null) return withoutTranscriber(context, artifact);
  const file =
    recording === 'original'
      ? await storedOriginal(type, ports, context, source)
      : await fetchedRecording(ports, context, recording.url);
  const transcription = await transcribe(
    recordingOf(ports, file, context.signal),
    {
      transcriber,
      decoder: ports.audioDecoder,
      heardSlices: heardSlicesIn(ports.blobs, `${workPrefix(context.job.job_id)}heard/`),
    },
    {
      uploadBytes: ports.limits.transcriberUploadBytes,
      mostSeconds: ports.limits.recordingSeconds,
      signal: context.signal,
      onProgress: (seconds) => context.progress(seconds / (durationSeconds ?? GUESSED_SECONDS)),
    },
  );
  const heard = stage.withTranscription(artifact, transcription);
  return { kind: 'next', artifact: { source, extraction: heard } };
}

function withoutTranscriber({ job }: StageContext, { source, extraction }: ExtractionArtifact): StageResult {
  const error = new AppError('transcriber_missing');
  const blocks = writtenBlocks(extraction);
  if (blocks.length === 0 || job.input_key === null) throw error;
  const { code, message } = error;
  const warning: ContentWarning = { code, message };
  return {
    kind: 'next',
    artifact: {
      source,
      extraction: { ...extraction, blocks, warnings: [...extraction.warnings, warning] },
      unfinished: { stage: 'transcribe', inputKey: job.input_key, code },
    } satisfies ExtractionArtifact,
  };
}

/** The title where nothing else is written: a content without text would not be stored, nor what else is known of it. */
function writtenBlocks({ blocks, metadata }: Extraction): readonly Block[] {
  if (blocks.some(({ text }) => text.trim() !== '')) return blocks;
  return metadata.title === null ? [] : [{ kind: 'paragraph', text: metadata.title.value, locator: {} }];
}

/** Where an earlier run of the job has stored what there was, the original lies with the content. */
async function storedOriginal(
  type: ContentType,
  { blobs }: ManagerPorts,
  { job }: StageContext,
  { file }: SourceArtifact,
): Promise<StoredFile> {
  if ((await blobs.stat(file.key)) !== null) return file;
  const key = originalKey(type, { userId: job.user_id, contentId: job.content_id }, file);
  if (key === null || (await blobs.stat(key)) === null) throw new AppError('no_stored_file');
  return { ...file, key };
}

/** Fetched once a job, however often the stage is tried. */
async function fetchedRecording(
  { blobs, fetcher, limits, now }: ManagerPorts,
  { job, signal }: StageContext,
  url: string,
): Promise<StoredFile> {
  const key = `${workPrefix(job.job_id)}recording`;
  const known = await blobs.stat(key);
  if (known !== null) return { ...known, fileName: null };
  const response = await fetcher.fetch({
    url,
    purpose: 'content',
    signal,
    timeoutMs: FETCH_MS,
    maxBytes: limits.recordingBytes,
    limitSetting: 'MAX_AUDIO_MB',
  });
  try {
    throwForStatus(response, now().getTime());
  } catch (error) {
    response.body.destroy();
    throw error;
  }
  const head = new HeadReader(() => undefined);
  pipeline(response.body, head, () => undefined);
  const mediaType = response.mediaType ?? 'application/octet-stream';
  const { sizeBytes, sha256 } = await blobs.put(key, head, { mediaType, signal });
  return { key, mediaType, sizeBytes, sha256, fileName: null };
}

function recordingOf(
  { blobs, temporaryFiles }: ManagerPorts,
  file: StoredFile,
  signal: AbortSignal,
): Recording {
  return {
    sizeBytes: file.sizeBytes,
    mediaType: async () => {
      const head = await buffer(await blobs.read(file.key, { start: 0, end: HEAD_BYTES - 1 }));
      return (await detectMediaType(head, { declared: file.mediaType, fileName: null })).mediaType;
    },
    readAll: () => blobs.readAll(file.key),
    // Decoders must seek: the index of an MP4 may stand at its end.
    withFile: async (use) => temporaryFiles.withCopy(await blobs.read(file.key), signal, use),
  };
}
