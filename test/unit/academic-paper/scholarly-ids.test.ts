import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  contentIdOf,
  idOfDoi,
  landingUrl,
  paperAddress,
  parseScholarlyId,
  type ScholarlyId,
} from '../../../backbone/content/academic-paper/scholarly-ids.ts';

const BIO = '10.1101/2020.01.30.927871';
const BIO_PDF = `https://www.biorxiv.org/content/${BIO}`;

describe('the address of a paper', () => {
  test.each([
    ['https://arxiv.org/abs/1706.03762', 'arxiv', '1706.03762', 'https://arxiv.org/pdf/1706.03762'],
    ['http://www.arxiv.org/abs/1706.03762v3', 'arxiv', '1706.03762', 'https://arxiv.org/pdf/1706.03762v3'],
    ['https://arxiv.org/pdf/1706.03762v3.pdf', 'arxiv', '1706.03762', 'https://arxiv.org/pdf/1706.03762v3'],
    ['https://arxiv.org/html/1706.03762?x=1#S1', 'arxiv', '1706.03762', 'https://arxiv.org/pdf/1706.03762'],
    [
      'https://export.arxiv.org/abs/hep-th/9901001',
      'arxiv',
      'hep-th/9901001',
      'https://arxiv.org/pdf/hep-th/9901001',
    ],
    [
      'https://arxiv.org/abs/hep-th%2F9901001v2',
      'arxiv',
      'hep-th/9901001',
      'https://arxiv.org/pdf/hep-th/9901001v2',
    ],
    [
      'https://ar5iv.labs.arxiv.org/html/1706.03762',
      'arxiv',
      '1706.03762',
      'https://arxiv.org/pdf/1706.03762',
    ],
    ['https://doi.org/10.48550/arXiv.1706.03762', 'arxiv', '1706.03762', 'https://arxiv.org/pdf/1706.03762'],
    ['https://doi.org/10.1371/Journal.pone.1', 'doi', '10.1371/journal.pone.1', null],
    ['https://dx.doi.org/10.1371%2Fjournal.pone.1', 'doi', '10.1371/journal.pone.1', null],
    [
      'https://openreview.net/forum?id=B1x-_Ab9&noteId=z',
      'openreview',
      'B1x-_Ab9',
      'https://openreview.net/pdf?id=B1x-_Ab9',
    ],
    [
      'https://openreview.net/pdf?id=B1x-_Ab9',
      'openreview',
      'B1x-_Ab9',
      'https://openreview.net/pdf?id=B1x-_Ab9',
    ],
    [`https://www.biorxiv.org/content/${BIO}v2`, 'doi', BIO, `${BIO_PDF}v2.full.pdf`],
    [`https://www.biorxiv.org/content/${BIO}v2.full-text`, 'doi', BIO, `${BIO_PDF}v2.full.pdf`],
    [`https://biorxiv.org/content/${BIO}`, 'doi', BIO, `${BIO_PDF}v1.full.pdf`],
    [
      'https://www.biorxiv.org/content/early/2018/02/03/123456.full.pdf',
      'doi',
      '10.1101/123456',
      'https://www.biorxiv.org/content/10.1101/123456v1.full.pdf',
    ],
    [
      'https://www.medrxiv.org/content/10.64898/2026.01.02.26000001v1.full.pdf',
      'doi',
      '10.64898/2026.01.02.26000001',
      'https://www.medrxiv.org/content/10.64898/2026.01.02.26000001v1.full.pdf',
    ],
    [
      'https://pmc.ncbi.nlm.nih.gov/articles/PMC7289444/',
      'pmcid',
      'PMC7289444',
      'https://europepmc.org/articles/PMC7289444?pdf=render',
    ],
    [
      'https://www.ncbi.nlm.nih.gov/pmc/articles/pmc7289444/pdf/x.pdf',
      'pmcid',
      'PMC7289444',
      'https://europepmc.org/articles/PMC7289444?pdf=render',
    ],
    [
      'https://europepmc.org/article/PMC/PMC7289444',
      'pmcid',
      'PMC7289444',
      'https://europepmc.org/articles/PMC7289444?pdf=render',
    ],
    ['https://pubmed.ncbi.nlm.nih.gov/32479495/', 'pmid', '32479495', null],
    ['https://www.ncbi.nlm.nih.gov/pubmed/32479495', 'pmid', '32479495', null],
    ['https://europepmc.org/article/MED/32479495', 'pmid', '32479495', null],
  ])('%s', (address, kind, id, pdfUrl) => {
    expect(paperAddress(new URL(address))).toEqual({ id: { kind, id }, pdfUrl });
  });

  test.each([
    'ftp://arxiv.org/abs/1706.03762',
    'https://arxiv.org/list/cs.CL/recent',
    'https://arxiv.org/abs/%E0%A4%A',
    'https://arxiv.example/abs/1706.03762',
    'https://doi.org/',
    'https://openreview.net/group?id=ICLR.cc',
    'https://openreview.net/forum',
    'https://www.biorxiv.org/collection/neuroscience',
    'https://pmc.ncbi.nlm.nih.gov/journals/440/',
    'https://www.ncbi.nlm.nih.gov/gene/1',
    'https://europepmc.org/search?query=x',
    'https://pubmed.ncbi.nlm.nih.gov/?term=x',
    'https://example.org/10.1000/182',
  ])('is not %s', (address) => {
    expect(paperAddress(new URL(address))).toBeNull();
  });
});

describe('the id of a paper', () => {
  test.each([
    ['arXiv:1706.03762v2', { kind: 'arxiv', id: '1706.03762' }],
    ['10.48550/ARXIV.1706.03762', { kind: 'arxiv', id: '1706.03762' }],
    ['doi:10.1000/A', { kind: 'doi', id: '10.1000/a' }],
    [`${BIO}v2.full`, { kind: 'doi', id: BIO }],
    ['PMID: 32479495', { kind: 'pmid', id: '32479495' }],
    ['PMCID: PMC7289444', { kind: 'pmcid', id: 'PMC7289444' }],
    ['https://doi.org/10.1000/a', { kind: 'doi', id: '10.1000/a' }],
    ['https://example.org/', null],
    ['https://', null],
    ['32479495', null],
  ])('%s', (text, id) => {
    expect(parseScholarlyId(text)).toEqual(id);
  });
});

describe('the content id of a paper', () => {
  test.each([
    [{ kind: 'arxiv', id: '1706.03762' }, '1706.03762'],
    [{ kind: 'arxiv', id: 'hep-th/9901001' }, 'hep-th=2f9901001'],
    [{ kind: 'doi', id: '10.1000/a=b(é)' }, '10.1000=2fa=3db=28=c3=a9=29'],
    [{ kind: 'pmid', id: '1' }, 'pmid-1'],
    [{ kind: 'pmcid', id: 'PMC1' }, 'PMC1'],
    [{ kind: 'openreview', id: 'B1x-_Ab9' }, 'openreview-B1x-_Ab9'],
  ] as const)('%j is %s', (id, expected) => {
    expect(contentIdOf(id)).toBe(expected);
  });

  const anyDoi = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
    .map((tail) => idOfDoi(`10.1000/${tail}`));

  test('fits a segment of a blob key and differs when the DOI does', () => {
    fc.assert(
      fc.property(anyDoi, anyDoi, (one, other) => {
        expect(contentIdOf(one)).toMatch(/^[A-Za-z0-9._=-]{1,100}$/);
        expect(contentIdOf(one) === contentIdOf(other)).toBe(one.id === other.id);
      }),
    );
  });

  test('is the same for the address under which it is cited', () => {
    const ids = fc.constantFrom<ScholarlyId>(
      { kind: 'arxiv', id: 'hep-th/9901001' },
      { kind: 'doi', id: '10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o' },
      { kind: 'doi', id: '10.1000/a+b#c?d' },
      { kind: 'pmid', id: '32479495' },
      { kind: 'pmcid', id: 'PMC7289444' },
      { kind: 'openreview', id: 'B1x-_Ab9' },
    );
    fc.assert(fc.property(ids, (id) => expect(parseScholarlyId(landingUrl(id))).toEqual(id)));
  });
});
