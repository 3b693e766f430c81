import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { enriched, withId, yearOf } from '../../../backbone/content/academic-paper/paper-enrichment.ts';
import {
  mergeRecords,
  resembles,
  type MergedRecord,
} from '../../../backbone/content/academic-paper/services/merged-record.ts';
import {
  NO_RECORD,
  SERVICE_NAMES,
  type PaperRecord,
  type ServiceName,
} from '../../../backbone/content/academic-paper/services/paper-record.ts';
import type { Known } from '../../../backbone/content/academic-paper/services/scholar-services.ts';
import { NO_METADATA, type Extraction, type JsonObject } from '../../../backbone/content/model.ts';

const says = (service: ServiceName, record: Partial<PaperRecord>): Known => ({
  service,
  record: { ...NO_RECORD, ...record },
});
const merged = (...known: readonly Known[]): MergedRecord => {
  const record = mergeRecords(known);
  if (record === null) throw new Error('Nothing was merged');
  return record;
};
const author = (
  name: string,
  orcid: string | null = null,
  affiliations: string[] = [],
): PaperRecord['authors'][0] => ({
  name,
  orcid,
  affiliations,
});
const extraction = (typeMetadata: JsonObject = {}, title: string | null = 'A file'): Extraction => ({
  blocks: [{ kind: 'heading', text: 'A file', locator: {} }],
  metadata: { ...NO_METADATA, title: title === null ? null : { value: title, source: 'pdf-info' } },
  typeMetadata,
  links: [],
  pageCount: 1,
  warnings: [],
});

describe('records of one paper', () => {
  test('make one: facts of the publisher first, the abstract of the authors, each with its source', () => {
    const record = merged(
      says('unpaywall', { title: 'U', venue: 'V', pdfUrls: ['https://u/'] }),
      says('openalex', { title: 'O', abstract: 'o', subjects: ['s'], pdfUrls: ['https://o/', 'https://u/'] }),
      says('arxiv', { title: 'A', abstract: 'a', arxivId: '1', publishedAt: '2017-06-12' }),
      says('crossref', { title: 'C', doi: '10.1/c' }),
    );
    expect(record).toEqual({
      doi: '10.1/c',
      arxivId: '1',
      title: 'C',
      authors: [],
      venue: 'V',
      publishedAt: '2017-06-12',
      abstract: 'a',
      subjects: ['s'],
      pdfUrls: ['https://u/', 'https://o/'],
      sources: {
        title: 'crossref',
        venue: 'unpaywall',
        publishedAt: 'arxiv',
        abstract: 'arxiv',
        subjects: 'openalex',
      },
    });
    expect(mergeRecords([])).toBeNull();
  });

  test('lend each other ORCIDs and institutions of the very same name', () => {
    const { authors, sources } = merged(
      says('openalex', { authors: [author('Ada KEEPER', '0000-0002-1825-0097', ['Sea'])] }),
      says('crossref', { authors: [author('Ada Keeper'), author('Bo Wick')] }),
    );
    expect(authors).toEqual([author('Ada Keeper', '0000-0002-1825-0097', ['Sea']), author('Bo Wick')]);
    expect(sources.authors).toBe('crossref');
  });

  test('give a field whenever one of them has it, in whatever order they come', () => {
    const known = fc.array(
      fc.record({
        service: fc.constantFrom(...SERVICE_NAMES),
        title: fc.option(fc.string({ minLength: 1 })),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(known, (items) => {
        const unique = [...new Map(items.map((item) => [item.service, item])).values()];
        const records = unique.map(({ service, title }) => says(service, { title }));
        const record = merged(...records);
        expect(merged(...records.toReversed())).toEqual(record);
        expect(record.title === null).toBe(unique.every(({ title }) => title === null));
        const source = unique.find(({ service }) => service === record.sources.title);
        expect(source?.title ?? null).toBe(record.title);
      }),
    );
  });

  test.each([
    ['Attention is all you need', 'Proceedings 2017\nATTENTION IS ALL\nYOU NEED\nAshish', true],
    ['The hyphenated title of papers', 'The hyphen-\nated title of papers', true],
    ['Über die Lampen der Küste', 'Uber die Lampen der Kuste', true],
    [
      'A survey of lamps in lighthouses of the north',
      'On the grinding of lenses. We build on a survey [1].',
      false,
    ],
    ['Lamps', 'Lamps and oil', true],
    ['Lamps', 'Oil', false],
    ['', 'Oil', false],
    ['Lamps', '', false],
  ])('with the title %j resemble %j: %j', (title, beginning, expected) => {
    expect(resembles(title, beginning)).toBe(expected);
  });
});

describe('what was read from a file', () => {
  const RECORD = merged(
    says('crossref', {
      doi: '10.1/c',
      title: 'How lamps were lit',
      authors: [author('Ada Keeper', null, ['Sea'])],
      venue: 'Lamps',
      publishedAt: '2012-03',
      abstract: 'We tell.',
      subjects: ['light'],
    }),
  );

  test('is completed, and keeps what no service knows', () => {
    const { metadata, typeMetadata, blocks } = enriched(extraction({ pages: 3, doi: '10.1/c' }), RECORD, {
      beginning: null,
    });
    expect(metadata).toMatchObject({
      title: { value: 'How lamps were lit', source: 'crossref' },
      authors: { value: ['Ada Keeper'], source: 'crossref' },
      publishedAt: { value: '2012-03', source: 'crossref' },
      description: { value: 'We tell.', source: 'crossref' },
    });
    expect(typeMetadata).toMatchObject({
      pages: 3,
      venue: 'Lamps',
      year: 2012,
      paperUrl: 'https://doi.org/10.1/c',
      affiliations: ['Sea'],
      subjects: ['light'],
      fieldSources: { venue: 'crossref' },
    });
    expect(blocks).toHaveLength(1);
    const stated = {
      affiliations: ['Harbour'],
      venue: 'V',
      year: 1,
      abstract: 'b',
      subjects: ['x'],
      authors: ['y'],
    };
    const kept = enriched(extraction(stated), merged(says('unpaywall', { arxivId: '1706.03762' })), {
      beginning: null,
    });
    expect(kept.typeMetadata).toMatchObject({ ...stated, paperUrl: 'https://arxiv.org/abs/1706.03762' });
    expect(kept.metadata.title).toEqual({ value: 'A file', source: 'pdf-info' });
    expect(
      enriched(extraction(), merged(says('openalex', {})), { beginning: null }).typeMetadata['paperUrl'],
    ).toBeNull();
  });

  test('is left as it is when the record is of another paper', () => {
    const read = extraction({ doi: '10.1/c' });
    const { warnings, ...rest } = enriched(read, RECORD, { beginning: 'On grinding lenses, after [1]' });
    expect(warnings).toMatchObject([{ code: 'record_mismatch' }]);
    expect(rest).toMatchObject({ metadata: read.metadata, typeMetadata: read.typeMetadata });
    const nameless = merged(says('openalex', { abstract: 'a' }));
    expect(enriched(read, nameless, { beginning: 'A file' }).warnings).toHaveLength(1);
    const same = enriched(extraction({}, null), RECORD, { beginning: 'How lamps\nwere lit' });
    expect(same.warnings).toEqual([]);
  });

  test('gets the abstract for a text when there is none', () => {
    const partial = extraction({ hasFullText: false });
    expect(enriched(partial, RECORD, { beginning: null }).blocks[1]?.text).toBe('We tell.');
    const none = merged(says('crossref', { title: 'x' }));
    expect(enriched(partial, none, { beginning: null }).blocks).toHaveLength(1);
  });

  test('is called by the id that it was asked for by', () => {
    expect(withId(extraction({ doi: '10.1/wrong' }), { kind: 'doi', id: '10.1/c' }).typeMetadata).toEqual({
      doi: '10.1/c',
      arxivId: null,
      paperUrl: 'https://doi.org/10.1/c',
    });
    expect(
      withId(extraction({ doi: '10.1/c' }), { kind: 'arxiv', id: '1706.03762' }).typeMetadata,
    ).toMatchObject({
      doi: '10.1/c',
      arxivId: '1706.03762',
    });
    const read = extraction();
    expect(withId(read, null)).toBe(read);
    expect([yearOf('2012-03'), yearOf('2012'), yearOf('March'), yearOf(null)]).toEqual([
      2012,
      2012,
      null,
      null,
    ]);
  });
});
