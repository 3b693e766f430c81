import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MOST_READ_ENTRIES } from '../../../backbone/content/webpage/feed/feed-model.ts';
import { readFeed } from '../../../backbone/content/webpage/feed/feed-source.ts';
import { repairJson } from '../../../backbone/content/webpage/feed/json-repair.ts';
import { repairXml } from '../../../backbone/content/webpage/feed/xml-repair.ts';
import { extract, feedOf, NOW, rss } from './read.ts';

const titlesOf = (text: string): (string | null)[] => feedOf(text).entries.map(({ title }) => title);
const codeOf = (text: string): unknown => {
  try {
    feedOf(text);
    return null;
  } catch (error) {
    return (error as { readonly code?: unknown }).code;
  }
};

describe('broken XML', () => {
  test.each([
    ['an undeclared entity', rss('<item><title>Caf&eacute; &mdash; bar</title></item>'), 'Café — bar'],
    ['a bare ampersand', rss('<item><title>Fish & chips</title></item>'), 'Fish & chips'],
    ['junk in front', `\ufeff \n junk ${rss('<item><title>a</title></item>')}`, 'a'],
    ['control characters', rss('<item><title>a\u0003\u000bb\ufffe</title></item>'), 'ab'],
    ['markup in a title', rss('<item><title>a <b>bold</b> one</title></item>'), 'a bold one'],
    ['markup escaped twice', rss('<item><title>&amp;lt;b&amp;gt;</title></item>'), '<b>'],
    ['an attribute without quotes', rss('<item a=1 b="2><3"><title>a</title></item>'), 'a'],
    ['names that no element has', rss('<item><__proto__>x</__proto__><1a/><title>a</title></item>'), 'a'],
    [
      'a second document behind',
      `${rss('<item><title>a</title></item>')}<rss><item><title>b</title></item></rss>`,
      'a',
    ],
  ])('with %s is read', (_name, text, title) => {
    expect(titlesOf(text)).toEqual([title]);
  });

  test('keeps markup that was not escaped, and references within it', () => {
    const [entry] = feedOf(
      rss(
        '<item><description>One<br>two &lt; <img src="a.png"/><i>three</i> &nbsp; &amp; four</description></item>',
      ),
    ).entries;
    expect(entry?.body?.text).toBe('One<br>two &lt; <img src="a.png"><i>three</i> &nbsp; &amp; four');
  });

  test('reads an entry that begins before the last one ended', () => {
    expect(
      titlesOf(
        rss('<item><title>a</title><x><item><title>b</title></item></x></item><item><title>c</title></item>'),
      ),
    ).toEqual(['a', 'b', 'c']);
  });

  test('leaves out an entry that is cut off, and says so', async () => {
    const whole = rss('<item><title>a</title></item><item><title>b</title><description>Text');
    const cut = whole.slice(0, whole.indexOf('</channel>'));
    expect(titlesOf(cut)).toEqual(['a']);
    const { warnings } = await extract(cut);
    expect(warnings).toEqual([
      { code: 'feed_damaged', message: expect.stringContaining('Complete entries read: 1') as unknown },
    ]);
  });

  test('has its charset found although the declaration lies', async () => {
    const text = rss('<item><title>Größe</title></item>').replace('"1.0"', '"1.0" encoding="iso-8859-1"');
    const { blocks } = await extract(text);
    expect(blocks.map((block) => block.text)).toContain('Größe');
  });

  test('is refused when it declares entities, nests without end, or holds nothing', () => {
    expect(codeOf('<!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"><channel/></rss>')).toBe('file_unsafe');
    expect(codeOf(rss('<a>'.repeat(300)))).toBe('file_unsafe');
    expect(codeOf('no feed at all')).toBe('file_damaged');
    expect(codeOf('<rss')).toBe('file_damaged');
  });

  test('with elements without end is refused', () => {
    expect(codeOf(rss('<a/>'.repeat(1_000_001)))).toBe('file_unsafe');
  });

  test('with a text of a million bare ampersands has that text cut, and what follows read', () => {
    const text = '&'.repeat(1_200_000);
    const { xml } = repairXml(
      `<rss><channel><title>${text}</title><link>https://a.example/</link></channel></rss>`,
    );
    expect(xml.split('&amp;')).toHaveLength(1_000_001);
    expect(xml).toContain('<link>https://a.example/</link>');
  });

  test('with more entries than are read is read as far', () => {
    const text = rss('<item><title>a</title></item>'.repeat(MOST_READ_ENTRIES + 5000));
    const { feed, hasMore, isCutOff } = readFeed(text, { baseUrl: null, now: NOW });
    expect([feed.entries.length, hasMore, isCutOff]).toEqual([MOST_READ_ENTRIES, true, false]);
  });

  test('is always made well-formed enough to be written again as it is', () => {
    const piece = fc.constantFrom(
      '<item>',
      '</item>',
      '<title>',
      '</title>',
      '<a b="c">',
      '</a>',
      '&',
      '<',
      'x',
      ']]>',
      '<![CDATA[',
      '<!--',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const once = repairXml(`<rss><channel>${pieces.join('')}`);
        const twice = repairXml(once.xml);
        expect(twice).toEqual({ ...once, isCutOff: false });
      }),
    );
  });
});

describe('broken JSON', () => {
  test.each([
    ['as it is', '{"a":[{"b":1}]}', { value: { a: [{ b: 1 }] }, isCutOff: false }],
    ['with a raw line break', '{"a":"x\ny\\n"}', { value: { a: 'x\ny\n' }, isCutOff: false }],
    [
      'cut off in an entry',
      '{"a":[{"b":"}"},{"b":2},{"b":',
      { value: { a: [{ b: '}' }, { b: 2 }] }, isCutOff: true },
    ],
    ['cut off in the first entry', '{"a":[{"b":', null],
    ['without sense', '{"a":[{"b" 1}]', null],
    ['nested without end', '{"a":['.repeat(300), null],
  ])('%s is read as far as it is whole', (_name, text, wanted) => {
    expect(repairJson(text)).toEqual(wanted);
  });

  test('that gives nothing is damaged', () => {
    expect(codeOf('{"version":')).toBe('file_damaged');
    expect(codeOf('{"rss":{}}')).toBe('file_damaged');
    expect(codeOf('{"rss":{"channel":{}}}')).not.toBe('parser_crashed');
  });
});
