import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { linearFormula } from '../../../backbone/content/document/ooxml/formula.ts';
import { formatOrdinal, readNumbering } from '../../../backbone/content/document/docx/numbering.ts';
import { readStyleSheet } from '../../../backbone/content/document/docx/styles.ts';
import { readXml, type XmlElement } from '../../../backbone/content/parsing/xml.ts';

const xml = (content: string): XmlElement =>
  readXml(Buffer.from(`<root xmlns:m="m" xmlns:w="w">${content}</root>`), { namespaces: { m: 'm', w: 'w' } });

describe('formulas', () => {
  const t = (text: string): string => `<m:r><m:rPr/><m:t>${text}</m:t></m:r>`;
  const e = (text: string): string => `<m:e>${text}</m:e>`;
  const sub = `<m:sub>${t('i')}</m:sub>`;
  const sup = `<m:sup>${t('n+1')}</m:sup>`;
  test.each([
    [`<m:f><m:num>${t('a+b')}</m:num><m:den>${t('2')}</m:den></m:f>`, '(a+b)/2'],
    [`<m:sSub>${e(t('x'))}${sub}</m:sSub>`, 'x_i'],
    [`<m:sSubSup>${e(t('x'))}${sub}${sup}</m:sSubSup>`, 'x_i^(n+1)'],
    [`<m:sPre>${sub}${sup}${e(t('X'))}</m:sPre>`, '_i^(n+1)X'],
    [`<m:rad><m:deg/>${e(t('xy'))}</m:rad>`, '√(xy)'],
    [`<m:rad><m:deg>${t('3')}</m:deg>${e(t('x'))}</m:rad>`, 'root(3, x)'],
    [`<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr>${sub}${sup}${e(t('x'))}</m:nary>`, '∑_i^(n+1) x'],
    [`<m:nary>${e(t('x'))}</m:nary>`, '∫ x'],
    [`<m:func><m:fName>${t('sin')}</m:fName>${e(t('x'))}</m:func>`, 'sin x'],
    [`<m:d>${e(t('a'))}${e(t('b'))}</m:d>`, '(a|b)'],
    [
      `<m:d><m:dPr><m:begChr m:val="["/><m:sepChr m:val=","/><m:endChr m:val="]"/></m:dPr>${e(t('a'))}${e(t('b'))}</m:d>`,
      '[a,b]',
    ],
    [`<m:m><m:mr>${e(t('1'))}${e(t('0'))}</m:mr><m:mr>${e(t('0'))}${e(t('1'))}</m:mr></m:m>`, '[1, 0; 0, 1]'],
    [`<m:eqArr>${e(t('x=1'))}${e(t('y=2'))}</m:eqArr>`, 'x=1; y=2'],
    [`<m:limLow>${e(t('lim'))}<m:lim>${t('x→0')}</m:lim></m:limLow>`, 'lim_(x→0)'],
    [`<m:limUpp>${e(t('a'))}<m:lim>${t('b')}</m:lim></m:limUpp>`, 'a^b'],
    [`<m:acc><m:accPr><m:chr m:val="\u0301"/></m:accPr>${e(t('e'))}</m:acc>`, 'e\u0301'],
    [`<m:borderBox>${e(t('boxed'))}</m:borderBox>`, 'boxed'],
  ])('%s', (markup, text) => {
    expect(linearFormula(xml(markup))).toBe(text);
  });
});

describe('numbering', () => {
  const level = (at: number | string, inside: string): string => `<w:lvl w:ilvl="${at}">${inside}</w:lvl>`;
  const value = (name: string, val: string | number): string => `<w:${name} w:val="${val}"/>`;

  test('counts levels apart, restarts below, and shares the count between instances', () => {
    const numbering = readNumbering(
      xml(`<w:abstractNum w:abstractNumId="0">${level(0, value('lvlText', '%1.'))}${level(1, value('numFmt', 'decimal') + value('lvlText', '%1.%2'))}${level('x', '')}${level(99, '')}</w:abstractNum>
        <w:num w:numId="1">${value('abstractNumId', 0)}</w:num>
        <w:num w:numId="2">${value('abstractNumId', 0)}<w:lvlOverride w:ilvl="0">${value('startOverride', 7)}</w:lvlOverride><w:lvlOverride/></w:num>
        <w:num w:numId="3"/>`),
    );
    const next = (numId: string, at: number): string | undefined =>
      numbering.next({ numId, level: at })?.label;
    expect([next('1', 1), next('1', 0), next('1', 1), next('1', 1), next('1', 0), next('1', 1)]).toEqual([
      '1.1',
      '1.',
      '1.1',
      '1.2',
      '2.',
      '2.1',
    ]);
    expect([next('2', 0), next('2', 0), next('1', 0)]).toEqual(['7.', '8.', '9.']);
    expect([next('3', 0), next('4', 0), next('1', 5)]).toEqual([undefined, undefined, undefined]);
  });

  test('a level without a number, and one whose text names a level that does not exist', () => {
    const numbering = readNumbering(
      xml(
        `<w:abstractNum w:abstractNumId="0">${level(0, value('numFmt', 'none'))}${level(1, value('lvlText', '%9-%2'))}</w:abstractNum><w:num w:numId="1">${value('abstractNumId', 0)}</w:num>`,
      ),
    );
    expect(numbering.next({ numId: '1', level: 0 })).toEqual({ ordered: false, ordinal: 1, label: '' });
    expect(numbering.next({ numId: '1', level: 1 })?.label).toBe('1-1');
  });

  test('a file without numbering numbers nothing', () => {
    expect(readNumbering(null).next({ numId: '1', level: 0 })).toBeNull();
  });

  test.each([
    [4, 'decimal', '4'],
    [4, 'decimalZero', '04'],
    [4, 'none', ''],
    [4, 'lowerLetter', 'd'],
    [28, 'upperLetter', 'BB'],
    [0, 'lowerLetter', '0'],
    [9999, 'lowerLetter', '9999'],
    [1994, 'upperRoman', 'MCMXCIV'],
    [4, 'lowerRoman', 'iv'],
    [4000, 'upperRoman', '4000'],
    [0, 'lowerRoman', '0'],
    [4, 'chineseCounting', '4'],
  ])('%d as %s is %s', (ordinal, format, text) => {
    expect(formatOrdinal(ordinal, format)).toBe(text);
  });

  test('Roman numbers are different for different numbers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3999 }), fc.integer({ min: 1, max: 3999 }), (one, other) => {
        expect(formatOrdinal(one, 'upperRoman') === formatOrdinal(other, 'upperRoman')).toBe(one === other);
      }),
    );
  });
});

describe('styles', () => {
  test('without a style sheet everything is text', () => {
    expect(readStyleSheet(null).styleOf(null)).toEqual({ role: 'text', headingLevel: null, numbering: null });
  });

  test('the numbering of a style is inherited in parts', () => {
    const sheet = readStyleSheet(
      xml(`<w:style w:type="paragraph" w:styleId="A"><w:name w:val="A"/><w:pPr><w:numPr><w:numId w:val="5"/></w:numPr></w:pPr></w:style>
        <w:style w:type="paragraph"/>`),
    );
    const properties = xml('<w:pPr><w:pStyle w:val="A"/><w:numPr><w:ilvl w:val="2"/></w:numPr></w:pPr>');
    expect(sheet.styleOf(properties.children[0] as XmlElement).numbering).toEqual({ numId: '5', level: 2 });
  });
});
