/** Asks the services that are set up for one paper: what each knows, kept for some days. */
import { buffer } from 'node:stream/consumers';
import { AppError } from '../../../errors.ts';
import type { Fetcher } from '../../../fetch/fetcher.ts';
import { HostLimiter, type HostLimiterOptions } from '../../../fetch/host-limiter.ts';
import { throwForStatus } from '../../../fetch/throw-for-status.ts';
import type { Cache } from '../../../stores/cache/cache.ts';
import type { ContentWarning } from '../../model.ts';
import { arxiv } from './arxiv.ts';
import { crossref } from './crossref.ts';
import { datacite } from './datacite.ts';
import { europePmc, fullTextPath } from './europe-pmc.ts';
import { openalex } from './openalex.ts';
import {
  paperRecordSchema,
  type PaperIds,
  type PaperRecord,
  type ScholarService,
  type ServiceName,
} from './paper-record.ts';
import type { ScholarSettings } from './scholar-settings.ts';
import { unpaywall } from './unpaywall.ts';

export interface ScholarPorts {
  readonly fetcher: Fetcher;
  readonly cache: Cache;
  readonly now: () => Date;
  /** Milliseconds of a steady clock, and timers on it. */
  readonly clock: Pick<HostLimiterOptions, 'now' | 'setTimer'>;
}

export interface Known {
  readonly service: ServiceName;
  readonly record: PaperRecord;
}

export interface Answers {
  readonly known: readonly Known[];
  /** One for each service that could not be asked. */
  readonly warnings: readonly ContentWarning[];
}

const SERVICES: readonly ScholarService[] = [crossref, arxiv, datacite, europePmc, openalex, unpaywall];

const DAY_MS = 86_400_000;
const KEPT_MS = 7 * DAY_MS;
/** What is new may be registered tomorrow. */
const UNKNOWN_KEPT_MS = DAY_MS;
/** Works with thousands of references have some 2 MB. */
const MOST_BYTES = 8 * 1024 * 1024;
/** An answer takes a second or two; nobody waits longer for what is an extra. */
const TIMEOUT_MS = 10_000;
/** A service that could not be reached is left alone for so long, so that a machine without a network loses no time. */
const REST_MS = 60_000;
/** Two minutes of arXiv. */
const MOST_WAITING = 40;
const MAX_REASON_LENGTH = 300;

/** Nothing is asked twice in a week, more often than a service allows, or without a contact address. */
export class ScholarServices {
  readonly #settings: ScholarSettings;
  readonly #ports: ScholarPorts;
  readonly #limiter: HostLimiter;
  /** When a service may be asked again, ms of the steady clock, and why not before. */
  readonly #resting = new Map<ServiceName, { readonly until: number; readonly reason: string }>();

  constructor(settings: ScholarSettings, ports: ScholarPorts) {
    this.#settings = settings;
    this.#ports = ports;
    this.#limiter = new HostLimiter({ concurrency: 2, maxWaiting: MOST_WAITING, ...ports.clock });
  }

  /**
   * What is known of the paper. Ids that one service tells are used to ask the others, in a second round.
   * @throws only the signal's reason
   */
  async askAll(ids: PaperIds, signal: AbortSignal): Promise<Answers> {
    const known: Known[] = [];
    const warnings: ContentWarning[] = [];
    const asked = new Set<ServiceName>();
    for (let all = ids, round = 0; round < 2; round += 1, all = withIds(ids, known)) {
      const due = this.#services().filter(
        ({ name, path }) =>
          !asked.has(name) && path(all, this.#settings.mailto) !== null && isNeeded(name, known, round),
      );
      for (const { name } of due) asked.add(name);
      const answers = await Promise.all(due.map((service) => this.#ask(service, all, signal)));
      for (const { record, warning, service } of answers) {
        if (record !== null) known.push({ service, record });
        if (warning !== null) warnings.push(warning);
      }
    }
    return { known, warnings };
  }

  /** Where the full text lies as JATS; null when nobody says that it does. */
  fullTextUrl(known: readonly Known[]): string | null {
    const pmcid = known.find(({ record }) => record.hasFullText)?.record.pmcid ?? null;
    return pmcid === null ? null : `${this.#baseOf(europePmc)}/${fullTextPath(pmcid)}`;
  }

  #services(): readonly ScholarService[] {
    const { mailto, services } = this.#settings;
    return mailto === '' ? [] : SERVICES.filter(({ name }) => services.has(name));
  }

  #baseOf({ name, baseUrl }: ScholarService): string {
    return this.#settings.services.get(name) ?? baseUrl;
  }

  async #ask(
    service: ScholarService,
    ids: PaperIds,
    signal: AbortSignal,
  ): Promise<{
    readonly service: ServiceName;
    readonly record: PaperRecord | null;
    readonly warning: ContentWarning | null;
  }> {
    const { name, label } = service;
    try {
      return { service: name, record: await this.#recordOf(service, ids, signal), warning: null };
    } catch (error) {
      signal.throwIfAborted();
      const reason = reasonOf(error);
      const message = `${label} could not be asked about this paper: ${reason}`;
      return { service: name, record: null, warning: { code: 'service_unavailable', message } };
    }
  }

  async #recordOf(service: ScholarService, ids: PaperIds, signal: AbortSignal): Promise<PaperRecord | null> {
    const url = `${this.#baseOf(service)}/${service.path(ids, this.#settings.mailto) ?? ''}`;
    const key = `scholar:${service.name}:${url}`;
    const { cache } = this.#ports;
    const kept = keptRecord(await cache.get(key));
    if (kept !== undefined) return kept;
    this.#refuseWhileResting(service.name);
    const body = await this.#fetch(service, url, signal);
    const record = body === null ? null : service.read(body);
    await cache.set(key, JSON.stringify(record), record === null ? UNKNOWN_KEPT_MS : KEPT_MS);
    return record;
  }

  #refuseWhileResting(name: ServiceName): void {
    const rest = this.#resting.get(name);
    if (rest === undefined) return;
    if (rest.until > this.#ports.clock.now()) throw new Error(rest.reason);
    this.#resting.delete(name);
  }

  /** The body of an answer; null for 404, which is how services say that they know no such paper. */
  async #fetch({ name, delayMs }: ScholarService, url: string, signal: AbortSignal): Promise<string | null> {
    const release = await this.#limiter.acquire({ host: name, delayMs, signal });
    try {
      return await this.#get(url, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]));
    } catch (error) {
      const waitMs = error instanceof AppError ? error.retryAfterMs : null;
      const until = this.#ports.clock.now() + Math.max(waitMs ?? 0, REST_MS);
      if (!signal.aborted && isOutage(error)) this.#resting.set(name, { until, reason: reasonOf(error) });
      throw error;
    } finally {
      release();
    }
  }

  async #get(url: string, signal: AbortSignal): Promise<string | null> {
    const { fetcher, now } = this.#ports;
    const response = await fetcher.fetch({
      url,
      purpose: 'service',
      signal,
      maxBytes: MOST_BYTES,
      limitSetting: 'SCHOLAR_SERVICES',
    });
    try {
      if (response.status === 404) return null;
      throwForStatus(response, now().getTime());
      return (await buffer(response.body)).toString('utf8');
    } finally {
      response.body.destroy();
    }
  }
}

/** What Crossref has registered is not with DataCite; to ask it later costs nothing but for data sets. */
function isNeeded(name: ServiceName, known: readonly Known[], round: number): boolean {
  return name !== 'datacite' || (round > 0 && !known.some(({ service }) => service === 'crossref'));
}

function withIds(ids: PaperIds, known: readonly Known[]): PaperIds {
  const first = (name: keyof PaperIds): string | null =>
    ids[name] ?? known.map(({ record }) => record[name]).find((id) => id !== null) ?? null;
  return { doi: first('doi'), arxivId: first('arxivId'), pmid: first('pmid'), pmcid: first('pmcid') };
}

/** Undefined when nothing is kept, or what another release kept. */
function keptRecord(value: string | null): PaperRecord | null | undefined {
  if (value === null) return undefined;
  return paperRecordSchema.nullable().safeParse(JSON.parse(value)).data;
}

/** What a service refuses, or answers without sense, is a matter of this one paper. */
function isOutage(error: unknown): boolean {
  return !(error instanceof AppError) || error.kind !== 'terminal';
}

function reasonOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  if (error instanceof Error && error.name === 'TimeoutError')
    return `it did not answer within ${TIMEOUT_MS / 1000} seconds.`;
  if (error instanceof Error && error.name === 'ZodError')
    return 'its answer has another shape than it should.';
  const reason = error instanceof Error ? error.message : String(error);
  return reason.replaceAll(/\s+/g, ' ').slice(0, MAX_REASON_LENGTH).toWellFormed();
}
