import { AppError } from '../../errors.ts';
import type { JobSource } from '../../stores/records/entities.ts';
import { artifactKey, type ExtractionArtifact, type SourceArtifact } from '../artifacts.ts';
import {
  ContentManager,
  type ManagerPorts,
  type StageContext,
  type StageResult,
} from '../content-manager.ts';
import type { ContentType } from '../content-type.ts';
import type { Extraction } from '../model.ts';
import { isUnchanged, knownContent } from '../steps/download.ts';
import type { LandingPage } from './landing-page.ts';
import { enriched, withId } from './paper-enrichment.ts';
import { HTML_TYPES } from './paper-media-types.ts';
import { PAPER_RECORD_TYPE } from './partial-paper.ts';
import { paperAddress, parseScholarlyId, type PaperAddress, type ScholarlyId } from './scholarly-ids.ts';
import { mergeRecords } from './services/merged-record.ts';
import { idsOf } from './services/paper-record.ts';
import { ScholarServices, type Answers } from './services/scholar-services.ts';
import { storedRecord } from './stored-record.ts';

const PAGE_READER = new URL('./landing-page.ts', import.meta.url).href;
/** Open copies that are tried; the third of three that are gone tells that the list is old. */
const MOST_COPIES = 3;
const NOTHING: Answers = { known: [], warnings: [] };

/**
 * Reads the best there is of a paper that was named: its full text as JATS, its PDF at its own site or an open copy of
 * it, what its page says, or at least what services know. Then the services fill in what the file does not say.
 */
export class AcademicPaperManager extends ContentManager {
  readonly #services: ScholarServices;

  constructor(type: ContentType, ports: ManagerPorts) {
    super(type, ports);
    const { scholar, fetcher, cache, now } = ports;
    this.#services = new ScholarServices(scholar, { fetcher, cache, now, clock: STEADY_CLOCK });
  }

  protected override async download(context: StageContext): Promise<StageResult> {
    const { source } = context.job;
    const url = source.kind === 'url' ? URL.parse(source.url) : null;
    if (url === null) return super.download(context);
    const address = paperAddress(url);
    const answers = await this.#answersFor(address, context.signal);
    const copies = this.#copiesOf(address, answers);
    for (const copy of copies) {
      const result = await this.#tryCopy(copy, context);
      if (result !== null) return result;
    }
    try {
      const siteUrl = address?.pdfUrl ?? url.href;
      return await this.#fromPage(await super.download(at(siteUrl, context)), answers, address, context);
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'terminal') throw error;
      const record = await this.#recordOnly(answers, address, context);
      if (record === null) throw error;
      return record;
    }
  }

  protected override async extract(context: StageContext): Promise<StageResult> {
    const result = await super.extract(context);
    if (result.kind !== 'next') return result;
    const { source, extraction } = result.artifact as ExtractionArtifact;
    const complete = await this.#completed(extraction, context);
    return { ...result, artifact: { source, extraction: complete }, warnings: complete.warnings };
  }

  /** Nobody need be asked where the PDF lies when the rules of its site tell. */
  #answersFor(address: PaperAddress | null, signal: AbortSignal): Promise<Answers> {
    const hasRules = address?.id.kind === 'arxiv' || address?.id.kind === 'openreview';
    if (address === null || hasRules) return Promise.resolve(NOTHING);
    return this.#services.askAll(idsOf(address.id), signal);
  }

  #copiesOf(address: PaperAddress | null, { known }: Answers): readonly string[] {
    const fullText = this.#services.fullTextUrl(known);
    const open = address?.pdfUrl === null ? (mergeRecords(known)?.pdfUrls ?? []) : [];
    return [...(fullText === null ? [] : [fullText]), ...open.slice(0, MOST_COPIES)];
  }

  /** Null when there is no paper at the address: another copy, or the page, is read then. */
  async #tryCopy(url: string, context: StageContext): Promise<StageResult | null> {
    try {
      const result = await super.download(at(url, context));
      return result.kind === 'reroute' || isPage(result) ? null : result;
    } catch (error) {
      context.signal.throwIfAborted();
      if (!(error instanceof AppError) || error.kind === 'systemic') throw error;
      context.logger.info({ reason: error.message }, 'A copy of a paper was not to be had');
      return null;
    }
  }

  /** A page leads to its PDF; one that tells of no paper is a web page. */
  async #fromPage(
    result: StageResult,
    answers: Answers,
    address: PaperAddress | null,
    context: StageContext,
  ): Promise<StageResult> {
    if (!isPage(result)) return result;
    const page = await this.#keptApart(result.artifact as SourceArtifact, context);
    const facts = await this.#readPage(page, context.signal);
    const copy = facts?.pdfUrl ? await this.#tryCopy(facts.pdfUrl, context) : null;
    if (copy !== null) return copy;
    if (facts !== null) return { kind: 'next', artifact: page, files: { original: page.file.key } };
    return (await this.#recordOnly(answers, address, context)) ?? this.#webPage(page, context);
  }

  /** What is downloaded next takes the place of what was downloaded before. */
  async #keptApart(page: SourceArtifact, { job, epoch }: StageContext): Promise<SourceArtifact> {
    const key = artifactKey(job.job_id, 'page', epoch, 'html');
    await this.ports.blobs.move(page.file.key, key);
    return { ...page, file: { ...page.file, key } };
  }

  async #readPage(page: SourceArtifact, signal: AbortSignal): Promise<LandingPage | null> {
    const input = {
      bytes: await this.ports.blobs.readAll(page.file.key),
      declaredCharset: page.declaredCharset,
      baseUrl: page.finalUrl,
    };
    return this.ports.parsePool.run<LandingPage | null>(
      { moduleUrl: PAGE_READER, exportName: 'readLandingPage', input },
      { signal, onProgress: () => undefined },
    );
  }

  #webPage(page: SourceArtifact, { job }: StageContext): StageResult {
    const other = this.ports.types.forMediaType(page.file.mediaType);
    if (job.type_given || other === null)
      throw new AppError('type_mismatch', {
        params: { actual: page.description, wanted: 'an academic paper' },
      });
    return { kind: 'reroute', contentType: other.type, artifact: page };
  }

  async #recordOnly(
    { known }: Answers,
    address: PaperAddress | null,
    context: StageContext,
  ): Promise<StageResult | null> {
    const record = storedRecord(known, address?.id ?? null);
    if (record === null) return null;
    const key = artifactKey(context.job.job_id, 'record', context.epoch);
    const mediaType = PAPER_RECORD_TYPE;
    const { sizeBytes, sha256 } = await this.ports.blobs.put(key, JSON.stringify(record), { mediaType });
    const file = { key, mediaType, sizeBytes, sha256, fileName: null };
    if (isUnchanged(await knownContent(this.ports, context), file, context)) return { kind: 'unchanged' };
    const artifact: SourceArtifact = {
      file,
      description: 'a record of a paper',
      declaredCharset: null,
      finalUrl: context.job.url,
      etag: null,
      lastModified: null,
    };
    return { kind: 'next', artifact, files: { original: key } };
  }

  async #completed(read: Extraction, { job, signal }: StageContext): Promise<Extraction> {
    const { beginning, ...typeMetadata } = read.typeMetadata;
    const named = job.url === null ? null : parseScholarlyId(job.url);
    const extraction = withId({ ...read, typeMetadata }, named);
    const id = named ?? statedId(extraction);
    if (id === null) return extraction;
    const { known, warnings } = await this.#services.askAll(idsOf(id), signal);
    const told = { ...extraction, warnings: [...extraction.warnings, ...warnings] };
    const record = mergeRecords(known);
    if (record === null) return told;
    const isGuessed = named === null && typeof beginning === 'string';
    return enriched(told, record, { beginning: isGuessed ? beginning : null });
  }
}

function statedId({ typeMetadata }: Extraction): ScholarlyId | null {
  const { doi, arxivId } = typeMetadata;
  if (typeof doi === 'string') return { kind: 'doi', id: doi };
  return typeof arxivId === 'string' ? { kind: 'arxiv', id: arxivId } : null;
}

function isPage(result: StageResult): result is Extract<StageResult, { kind: 'next' }> {
  return result.kind === 'next' && HTML_TYPES.includes((result.artifact as SourceArtifact).file.mediaType);
}

/** The same stage for another address. */
function at(url: string, context: StageContext): StageContext {
  const source: JobSource = { kind: 'url', url };
  return { ...context, job: { ...context.job, source } };
}

const STEADY_CLOCK = {
  now: () => performance.now(),
  setTimer: (callback: () => void, delayMs: number): (() => void) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
