import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findDois, normalizeDoi } from '../../../backbone/content/academic-paper/doi.ts';

const SICI = '10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o';

describe('one DOI', () => {
  test.each([
    ['10.1000/182', '10.1000/182'],
    ['  10.1000/ABC.Def ', '10.1000/abc.def'],
    ['doi:10.1000/182', '10.1000/182'],
    ['DOI: 10.1000/182.', '10.1000/182'],
    ['DOI 10.1000/182', '10.1000/182'],
    ['info:doi/10.1000/182', '10.1000/182'],
    ['urn:doi:10.1000/182', '10.1000/182'],
    ['https://doi.org/10.1000/182', '10.1000/182'],
    ['http://dx.doi.org/10.1000/182?utm_source=feed#top', '10.1000/182'],
    ['https://www.doi.org/10.1000/182/', '10.1000/182'],
    ['doi.org/10.1000/182', '10.1000/182'],
    ['https://doi.org/doi:10.1000/182', '10.1000/182'],
    ['https://doi.org/10.1016%2FS0140-6736%2805%2967', '10.1016/s0140-6736(05)67'],
    ['10.1000%252Fa%2525b', '10.1000/a%b'],
    ['10.1000/a%ZZ', '10.1000/a%zz'],
    ['10.1000/a%C3', '10.1000/a%c3'],
    ['10.1000/a%20b', '10.1000/a'],
    ['10.1000.10/a', '10.1000.10/a'],
    [String.raw`10.1007/978-3-540_\_x`, '10.1007/978-3-540__x'],
    ['10.1000/a\u00adb', '10.1000/ab'],
    [SICI.toUpperCase(), SICI],
  ])('%s is %s', (spelled, doi) => {
    expect(normalizeDoi(spelled)).toBe(doi);
  });

  test.each([
    '',
    '10.1000',
    '10.1000/',
    '10.1000/.',
    '10.12/abc',
    'see 10.1000/182',
    '10.1000/1 and 2',
    'doi.org/abc',
  ])('%j is none', (text) => {
    expect(normalizeDoi(text)).toBeNull();
  });
});

describe('DOIs in a text', () => {
  test.each([
    ['Read it (10.1000/182).', ['10.1000/182']],
    ['(see https://doi.org/10.1016/S0140-6736(05)67)', ['10.1016/s0140-6736(05)67']],
    ['[doi:10.1000/a], [doi:10.1000/b];', ['10.1000/a', '10.1000/b']],
    ['<10.1000/a>', ['10.1000/a']],
    ['“10.1000/a”', ['10.1000/a']],
    [`${SICI} is old`, [SICI]],
    ['10.1000/a;10.1000/b,doi:10.1000/c', ['10.1000/a', '10.1000/b', '10.1000/c']],
    ['10.1000/ahttps://doi.org/10.1000/b', ['10.1000/a', '10.1000/b']],
    ['10.1000/A and 10.1000/a', ['10.1000/a']],
    ['section 3.10.1000/a, 110.1000/b', []],
    ['doi.org/10.1000/', []],
    ['10.1000/(x', ['10.1000/(x']],
    ['10.1000/x(', ['10.1000/x']],
    ['10.1000/x[1)', ['10.1000/x[1']],
  ])('%s', (text, dois) => {
    expect(findDois(text)).toEqual(dois);
  });

  test('are found in whatever surrounds them', () => {
    const suffix = fc.stringMatching(/^[a-z0-9]{1,12}(?:[._()-]{0,0}[a-z0-9.]{0,8}[a-z0-9])?$/);
    const before = fc.constantFrom('', 'doi:', 'https://doi.org/', '(', '[', '"', 'Journal 12, ');
    const after = fc.constantFrom('', '.', ',', ')', ').', '];', ' and so on', '"', '\n12. Next');
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 99999 }),
        suffix,
        before,
        after,
        (registrant, tail, front, end) => {
          const doi = `10.${registrant}/${tail}`;
          expect(findDois(front + doi.toUpperCase() + end)).toEqual([doi]);
        },
      ),
    );
  });

  test('are each one DOI when read alone', () => {
    const pieces = fc.array(
      fc.constantFrom('10.1000/', 'a', '(', ')', '<', '%2F', '%', '.', ' ', ';', 'http://', '1', '\\_'),
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        for (const doi of findDois(parts.join(''))) expect(normalizeDoi(doi)).toBe(doi);
      }),
    );
  });

  test('are bounded: a megabyte of beginnings takes no time', () => {
    const text = '10.1000/(a'.repeat(120_000);
    expect(findDois(text)).toHaveLength(1);
  }, 10_000);
});
