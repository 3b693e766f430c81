import type { Logger } from '../logger.ts';
import type { Crash } from '../crash-points.ts';
import type { Fetcher } from '../fetch/fetcher.ts';
import type { Embedder } from '../models/embedder.ts';
import type { AppError } from '../errors.ts';
import type { LimitedLlm } from '../models/llm.ts';
import type { Transcriber } from '../models/transcriber.ts';
import type { Stage } from '../pipeline/stages.ts';
import type { Cache } from '../stores/cache/cache.ts';
import type { BlobStore } from '../stores/blobs/blob-store.ts';
import type { GraphStore } from '../stores/graph/graph-store.ts';
import type { JobRow } from '../stores/records/entities.ts';
import type { RecordStore, SqlExecutor } from '../stores/records/record-store.ts';
import type { VectorStore } from '../stores/vectors/vector-store.ts';
import type { ScholarSettings } from './academic-paper/services/scholar-settings.ts';
import type { ContentType } from './content-type.ts';
import type { TypeRegistry } from './content-types.ts';
import type { OcrSettings } from './document/ocr/ocr-settings.ts';
import type { Expansion } from './expansion.ts';
import type { ContentWarning, JsonObject } from './model.ts';
import type { AudioDecoder } from './media/audio-decoder.ts';
import type { FrameReader } from './media/frame-reader.ts';
import type { TemporaryFiles } from './media/temporary-files.ts';
import type { ParsePool } from './parsing/parse-pool.ts';
import type { OfficeConverter } from './document/legacy/office-converter.ts';
import { download } from './steps/download.ts';
import { embed } from './steps/embed.ts';
import { extract } from './steps/extract.ts';
import { processText } from './steps/process.ts';
import { store } from './steps/store.ts';
import type { YoutubeSettings } from './video/youtube-provider.ts';
import type { Uploads } from './uploads.ts';

/** What stages work with. */
export interface ManagerPorts {
  readonly records: RecordStore;
  readonly blobs: BlobStore;
  readonly vectors: VectorStore;
  readonly graph: GraphStore;
  readonly cache: Cache;
  readonly fetcher: Fetcher;
  readonly embedder: Embedder;
  readonly parsePool: ParsePool;
  /** Null: none is set. */
  readonly transcriber: Transcriber | null;
  readonly audioDecoder: AudioDecoder;
  readonly office: OfficeConverter;
  /** Keeps files for jobs to come. */
  readonly uploads: Pick<Uploads, 'keep'>;
  readonly frameReader: FrameReader;
  readonly temporaryFiles: TemporaryFiles;
  /** Null: none is set. */
  readonly llm: LimitedLlm | null;
  readonly types: TypeRegistry;
  readonly limits: ContentLimits;
  readonly youtube: YoutubeSettings;
  readonly scholar: ScholarSettings;
  /** Where Apple's directory of podcasts is asked. */
  readonly appleLookupUrl: string;
  readonly purgeCache: (userId: string, contentId: string) => Promise<void>;
  readonly crash: Crash;
  readonly now: () => Date;
}

export interface ContentLimits {
  readonly sourceBytes: number;
  /** Bytes by the name of the setting. */
  readonly bytesBySetting: Readonly<Record<ContentType['sizeLimit'], number>>;
  readonly textBytes: number;
  readonly maxPages: number;
  /** Largest recording that is fetched. */
  readonly recordingBytes: number;
  /** What lies behind is not heard. */
  readonly recordingSeconds: number;
  readonly transcriberUploadBytes: number;
  /** How text in pictures is recognised. */
  readonly ocr: OcrSettings;
}

/** One execution of one stage. */
export interface StageContext {
  readonly job: JobRow;
  /** Names this execution: part of its artifacts' keys. */
  readonly epoch: number;
  /** Aborts when the job is cancelled, belongs to another worker, or the backbone stops. */
  readonly signal: AbortSignal;
  /** The artifact of the stage before; for the first stage null. */
  readonly input: unknown;
  /** Share of the stage's work that is done, 0-1. */
  readonly progress: (fraction: number) => void;
  readonly logger: Logger;
}

/** How a stage ended well. */
export type StageResult =
  | {
      readonly kind: 'next';
      readonly artifact: object;
      readonly files?: JsonObject;
      readonly warnings?: readonly ContentWarning[];
    }
  /** The bytes are of another type, which takes over at `extract`. */
  | { readonly kind: 'reroute'; readonly contentType: string; readonly artifact: object }
  /** The source is what is stored already. */
  | { readonly kind: 'unchanged'; readonly expansion?: Expansion | null }
  | {
      readonly kind: 'completed';
      readonly warnings: readonly ContentWarning[];
      /** What the content lists, to become jobs in the transaction that completes this one. */
      readonly expansion?: Expansion | null;
      /** Flips the content's version, in the transaction that completes the job. */
      readonly commit: (sql: SqlExecutor) => Promise<void>;
      /** Clears up what the flip left behind. If it fails the sweeper does it later. */
      readonly afterCommit: () => Promise<void>;
    }
  /** What there is is stored, and the job fails all the same: a stage before could not do its part. */
  | {
      readonly kind: 'unfinished';
      readonly error: AppError;
      /** Where a manual retry goes on, and the artifact that it starts from. */
      readonly stage: Stage;
      readonly inputKey: string;
      /** As of `completed`; the artifacts of the job are kept for the retry. */
      readonly commit: (sql: SqlExecutor) => Promise<void>;
      readonly afterCommit: () => Promise<void>;
    };

/**
 * Carries one content type through its stages. What most types do alike stands here; a type overrides the
 * stages it does its own way. Errors are AppErrors; anything else is a defect and counts as retryable.
 */
export class ContentManager {
  readonly type: ContentType;
  protected readonly ports: ManagerPorts;

  constructor(type: ContentType, ports: ManagerPorts) {
    this.type = type;
    this.ports = ports;
  }

  run(stage: Stage, context: StageContext): Promise<StageResult> {
    switch (stage) {
      case 'download':
        return this.download(context);
      case 'extract':
        return this.extract(context);
      case 'process':
        return this.process(context);
      case 'transcribe':
        return this.transcribe(context);
      case 'embed':
        return this.embed(context);
      case 'store':
        return this.store(context);
    }
  }

  protected download(context: StageContext): Promise<StageResult> {
    return download(this.type, this.ports, context);
  }

  protected extract(context: StageContext): Promise<StageResult> {
    return extract(this.type, this.ports, context);
  }

  protected process(context: StageContext): Promise<StageResult> {
    return processText(this.ports, context);
  }

  protected transcribe(_context: StageContext): Promise<StageResult> {
    return Promise.reject(new Error(`The type ${this.type.type} declares the stage transcribe but has none`));
  }

  protected embed(context: StageContext): Promise<StageResult> {
    return embed(this.ports, context);
  }

  protected store(context: StageContext): Promise<StageResult> {
    return store(this.type, this.ports, context);
  }
}
