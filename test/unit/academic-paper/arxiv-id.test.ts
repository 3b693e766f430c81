import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  arxivIdOfDoi,
  findArxivIds,
  parseArxivId,
} from '../../../backbone/content/academic-paper/arxiv-id.ts';

describe('one arXiv id', () => {
  test.each([
    ['1706.03762', '1706.03762', null],
    ['1706.03762v5', '1706.03762', 5],
    ['arXiv:0704.0001v12', '0704.0001', 12],
    ['ARXIV: 1706.03762', '1706.03762', null],
    ['hep-th/9901001v2', 'hep-th/9901001', 2],
    ['math.GT/0309136', 'math/0309136', null],
    ['cond-mat.str-el/0309136', null, null],
    ['1713.03762', null, null],
    ['1706.0376', null, null],
    ['0704.00012', null, null],
    ['1706.03762v0', null, null],
    ['nonsense/9901001', null, null],
    ['1706.03762 and more', null, null],
  ])('%s', (text, id, version) => {
    expect(parseArxivId(text)).toEqual(id === null ? null : { id, version });
  });

  test('comes out of a DOI that arXiv registered', () => {
    expect(arxivIdOfDoi('10.48550/arxiv.1706.03762')).toEqual({ id: '1706.03762', version: null });
    expect(arxivIdOfDoi('10.48550/arxiv.hep-th/9901001')).toEqual({ id: 'hep-th/9901001', version: null });
    expect(arxivIdOfDoi('10.1000/arxiv.1706.03762')).toBeNull();
  });

  test('is its own spelling', () => {
    const year = fc.integer({ min: 15, max: 40 });
    const month = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(
        year,
        month,
        fc.integer({ min: 0, max: 99_999 }),
        fc.integer({ min: 1, max: 99 }),
        (y, m, n, version) => {
          const id = `${y}${String(m).padStart(2, '0')}.${String(n).padStart(5, '0')}`;
          expect(parseArxivId(`arXiv:${id}v${version}`)).toEqual({ id, version });
          expect(findArxivIds(`CoRR, abs/${id}, and arXiv:${id}v${version}.`)).toEqual([id]);
        },
      ),
    );
  });
});

describe('arXiv ids in a text', () => {
  test.each([
    ['A. Author. arXiv preprint arXiv:1706.03762, 2017.', ['1706.03762']],
    ['arXiv preprint 1706.03762', ['1706.03762']],
    ['https://arxiv.org/abs/1706.03762v2. http://arxiv.org/pdf/1706.03761', ['1706.03762', '1706.03761']],
    ['[hep-th/9901001], math.AG/0309136v1;', ['hep-th/9901001', 'math/0309136']],
    ['arXiv:hep-th/9901001', ['hep-th/9901001']],
    ['pages 1706.03762 of it', []],
    ['arXiv:1706.037621', []],
    ['/path/hep-th/9901001', []],
  ])('%s', (text, ids) => {
    expect(findArxivIds(text)).toEqual(ids);
  });
});
