/** What stages hand on to each other, as JSON in the blob store, and where it lies. */
import type { ErrorCode } from '../error-table.ts';
import type { Stage } from '../pipeline/stages.ts';
import type { StoredFile } from '../stores/records/entities.ts';
import type { Chunk, Entity, Extraction, Keyword } from './model.ts';
import type { Fingerprint } from './steps/fingerprint.ts';

export const WORK_PREFIX = 'work/';
export const REPROCESS_PREFIX = `${WORK_PREFIX}reprocess/`;

/** Everything that a job's stages left behind: gone once the job has completed. */
export function workPrefix(jobId: string): string {
  return `${WORK_PREFIX}${jobId}/`;
}

/** What reprocessings of a content start from, beside any job's own artifacts. */
export function reprocessPrefix(userId: string, contentId: string): string {
  return `${REPROCESS_PREFIX}${userId}/${contentId}/`;
}

/** Immutable: another execution of the stage has another epoch. */
export function artifactKey(jobId: string, stage: string, epoch: number, extension = 'json'): string {
  return `${workPrefix(jobId)}${stage}-${epoch}.${extension}`;
}

/** After `download`: the stored source and what its transport said of it. */
export interface SourceArtifact {
  readonly file: StoredFile;
  /** A picture of the content, stored beside it. Absent where there is none. */
  readonly thumbnail?: StoredFile;
  /** Captions that stood beside the source, stored beside it as well. Absent where there are none. */
  readonly captions?: StoredFile;
  /** Of the detected kind, for people. */
  readonly description: string;
  readonly declaredCharset: string | null;
  /** After redirects; null for uploads. */
  readonly finalUrl: string | null;
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** What a stage could not do, though the stages after it go on with what there is. */
export interface UnfinishedStage {
  readonly stage: Stage;
  /** What the stage starts from when the job is tried again. */
  readonly inputKey: string;
  readonly code: ErrorCode;
}

/** After `extract` and, for types that have it, after `transcribe`. */
export interface ExtractionArtifact {
  readonly source: SourceArtifact;
  readonly extraction: Extraction;
  readonly unfinished?: UnfinishedStage;
}

/** What `process` makes of an extraction. `text` is canonical: chunks are offsets into it. */
export interface ProcessedText {
  readonly text: string;
  readonly markdown: string;
  readonly wordCount: number;
  readonly language: string | null;
  readonly chunks: readonly Chunk[];
  readonly keywords: readonly Keyword[];
  readonly entities: readonly Entity[];
  readonly summary: string;
  /** Null for a text too short to be compared with others. */
  readonly fingerprint: Fingerprint | null;
}

/** An extraction without its text. */
export type ExtractedFacts = Omit<Extraction, 'blocks' | 'links'>;

/** What a language model wrote beside the summary; a title by it stands in the metadata. */
export interface LlmDescription {
  /** Name of provider and model. */
  readonly model: string;
  readonly tags: readonly string[];
}

/** After `process`. The extraction itself stays where `extract` left it. */
export interface ProcessedArtifact {
  readonly source: SourceArtifact;
  readonly extractionKey: string;
  readonly extraction: ExtractedFacts;
  /** Addresses the content links to, at most 500. */
  readonly links: readonly string[];
  readonly processed: ProcessedText;
  /** Set when a language model wrote the summary. */
  readonly described?: LlmDescription;
  readonly unfinished?: UnfinishedStage;
}

/** After `embed`: one float32 vector a chunk, little-endian, one after the other, in a blob of its own. */
export interface EmbeddedArtifact {
  readonly processedKey: string;
  readonly vectorsKey: string;
  readonly model: string;
  readonly dimensions: number;
}
