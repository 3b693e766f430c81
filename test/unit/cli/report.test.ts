import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SearchAnswer } from '../../../backbone/cli/client.ts';
import { jobReport, refusedReport } from '../../../backbone/cli/job-report.ts';
import { displayWidth } from '../../../backbone/cli/plain-text.ts';
import {
  renderAnswers,
  renderFailures,
  renderJson,
  renderOutcomes,
  renderSummary,
} from '../../../backbone/cli/report.ts';
import { contentShape, failure, fileSource, jobShape, outcome, urlSource } from './cli-fixtures.ts';

const refused = outcome({ ...refusedReport('https://example.org/tides', failure) }, urlSource());

describe('the report of a job', () => {
  test('joins the job and its content', () => {
    expect(jobReport(jobShape(), contentShape())).toEqual({
      ...outcome().report,
      stages: [
        { stage: 'download', status: 'done', attempts: 1, seconds: 0.25 },
        { stage: 'extract', status: 'done', attempts: 2, seconds: 12.5 },
        { stage: 'store', status: 'waiting', attempts: 0, seconds: null },
      ],
    });
  });

  test('has null for what is not known', () => {
    const error = { ...failure, retryable: false };
    const job = jobShape({ status: 'failed', error, started_at: null });
    expect(jobReport(job, null)).toMatchObject({ error: failure, title: null, pages: null, seconds: null });
  });

  test('as JSON is one object, with an error when nothing was started', () => {
    const { report } = outcome();
    expect(JSON.parse(renderJson([report]))).toEqual({ jobs: [report] });
    expect(JSON.parse(renderJson([], failure))).toEqual({ jobs: [], error: failure });
  });
});

describe('the table', () => {
  test('has a column for every stage', () => {
    const lines = renderOutcomes([outcome(), refused, { ...outcome(), isUnchanged: true }], 140);
    expect(lines[0]).toMatch(/^Title +Result +Size +Chunks +download +extract +Total +Content id$/);
    expect(lines[1]).toBe('─'.repeat(displayWidth(lines[0] ?? '')));
    expect(lines.slice(2)).toEqual([
      'Tide tables                ingested   3 pages       7    0.25 s   12.5 s  2.50 s  c1',
      'https://example.org/tides  failed           -       -         -        -       -  -',
      'Tide tables                unchanged  3 pages       7    0.25 s   12.5 s  2.50 s  c1',
    ]);
  });

  test('has the stages in the order in which they follow each other, whichever job has them first', () => {
    const stage = (name: string): object => ({ stage: name, status: 'done', attempts: 1, seconds: 1 });
    const film = outcome({ stages: ['download', 'transcribe', 'process'].map(stage) as never });
    expect(renderOutcomes([outcome({ stages: [stage('process')] as never }), film], 140)[0]).toMatch(
      / download +transcribe +process +Total /,
    );
  });

  test('counts words where there are no pages', () => {
    expect(renderOutcomes([outcome({ pages: null })], 140)[2]).toContain('1,500 words');
  });

  test('becomes a list on a narrow screen', () => {
    expect(renderOutcomes([outcome(), refused], 60)).toEqual([
      'Tide tables',
      '  ingested, 3 pages, 7 chunks',
      '  download 0.25 s, extract 12.5 s',
      '  2.50 s in all',
      '  content id c1',
      'https://example.org/tides',
      '  failed',
    ]);
  });

  test('never breaks its lines by a title', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (title) => {
        const lines = renderOutcomes([outcome({ title })], 100);
        expect(lines.every((line) => displayWidth(line) <= 100 && !/\p{Cc}/u.test(line))).toBe(true);
      }),
    );
  });
});

describe('failures and the sum', () => {
  const all = [outcome(), refused, outcome({ status: 'cancelled' }), outcome({ status: 'extracting' })];

  test('name the source, the reason and what to do', () => {
    expect(renderFailures(all)).toEqual([
      '✗ https://example.org/tides',
      '  The page was removed.',
      '  Look for a copy.',
      '✗ tides.pdf',
      '  The job was cancelled.',
    ]);
  });

  test('count by what became of them', () => {
    expect(renderSummary(all)).toBe('1 ingested, 1 failed, 1 cancelled, 1 not ended yet');
    expect(renderSummary([outcome()])).toBe('1 ingested');
  });
});

describe('answers', () => {
  type Hit = SearchAnswer['hits'][number];
  const hit = (fields: Partial<Hit>): Hit => ({
    content_id: 'c1',
    content_type: 'document',
    title: 'Tide tables',
    url: null,
    chunk_id: 'k',
    text: 'The moon pulls on the water.',
    highlights: [],
    score: 1,
    locator: {},
    link: null,
    ...fields,
  });
  const render = (...hits: readonly Hit[]): readonly string[] => renderAt(10_000, ...hits);
  const renderAt = (columns: number, ...hits: readonly Hit[]): readonly string[] =>
    renderAnswers(
      { query: 'q', total: hits.length, took_ms: 1, hits: [...hits], facets: {}, corrections: [] },
      [outcome({}, fileSource('tide tables.pdf')), outcome({ content_id: 'c2' }, urlSource())],
      columns,
    );

  test('are numbered, with the place and a link to the file', () => {
    const locator = { page: 3, heading_path: ['Tide tables', 'The moon', 'Its pull'] };
    expect(render(hit({ locator }), hit({ link: 'https://example.org/#x' }))).toEqual([
      '1. Tide tables (page 3, The moon › Its pull)',
      '   “The moon pulls on the water.”',
      '   file:///files/tide%20tables.pdf#page=3',
      '',
      '2. Tide tables',
      '   “The moon pulls on the water.”',
      '   https://example.org/#x',
      '',
    ]);
  });

  test('without a title are named by address or id, and may have no link', () => {
    expect(render(hit({ title: null, content_id: 'c2' }))[0]).toBe('1. c2');
    expect(render(hit({ title: null, content_id: 'c9', url: 'https://a.example' }))).toHaveLength(3);
  });

  test('quote from the beginning of the sentence that was found', () => {
    const text = `${'Nothing of interest. '.repeat(20)}The tide turns at noon. ${'More follows here. '.repeat(30)}`;
    const start = text.indexOf('turns');
    const [, quote] = render(hit({ text, highlights: [{ start, end: start + 5 }] }));
    expect(quote).toMatch(/^ {3}“The tide turns at noon\. More .* …”$/);
  });

  test('quote whole words when the sentence is long', () => {
    const text = `${'word '.repeat(100)}tide ${'word '.repeat(100)}`;
    const start = text.indexOf('tide');
    const [, quote] = render(hit({ text, highlights: [{ start, end: start + 4 }] }));
    expect(quote).toMatch(/^ {3}“… word (word )+tide (word )+…”$/);
  });

  test('cut what has no spaces', () => {
    expect(render(hit({ text: 'x'.repeat(1000) }))[1]).toBe(`   “${'x'.repeat(240)} …”`);
  });

  test('are wrapped between words', () => {
    expect(renderAt(20, hit({})).slice(1, 3)).toEqual(['   “The moon pulls', '   on the water.”']);
  });

  test('say so when there are none', () => {
    expect(render()).toEqual(['Nothing was found.']);
  });
});
