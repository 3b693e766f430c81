import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { plainTextBlocks } from '../../../backbone/content/document/text/plain-text.ts';
import { parse } from '../../../backbone/content/document/text-parser.ts';
import { outline, parsed } from './parsed.ts';

const markdown = (text: string, baseUrl: string | null = null) =>
  parsed(parse, text, { mediaType: 'text/markdown', baseUrl });

describe('plain text', () => {
  test('joins lines that were broken at a width and parts paragraphs at blank lines', async () => {
    const { blocks } = await parsed(
      parse,
      'The lamp stands on a rock that the sea covers at\r\nevery spring tide, so that the keepers had to wait\r\nfor calm days.\r\n\r\nA second paragraph follows.\r\n',
    );
    expect(outline(blocks)).toEqual([
      'paragraph: The lamp stands on a rock that the sea covers at every spring tide, so that the keepers had to wait for calm days.',
      'paragraph: A second paragraph follows.',
    ]);
    expect(blocks.map(({ locator }) => locator.line)).toEqual([1, 5]);
  });

  test('keeps lines that were short on purpose', () => {
    const verse = `${'A long line of prose that shows the width of this text.\n'.repeat(3)}\nShort line,\nshort line.`;
    expect(plainTextBlocks(verse).at(-1)?.text).toBe('Short line,\nshort line.');
  });

  test('takes each line for a paragraph where an editor wraps them', () => {
    const long = 'word '.repeat(60).trim();
    expect(plainTextBlocks(`${long}\n${long}\n${long}`)).toHaveLength(3);
  });

  test('finds headings that are underlined, in capitals or called chapters, and lists', () => {
    const text =
      'Bell Rock\n=========\n\nTHE TOWER\n\nIntro.\n\nLight\n-----\nText below.\n\nChapter 2\n\n1. first\n2) second\n\n- dash\n  goes on\n* star';
    const blocks = plainTextBlocks(text);
    expect(outline(blocks)).toEqual([
      'heading1: Bell Rock',
      'heading2: THE TOWER',
      'paragraph: Intro.',
      'heading2: Light',
      'paragraph: Text below.',
      'heading1: Chapter 2',
      'list_item1#1: first',
      'list_item1#2: second',
      'list_item1: dash\ngoes on',
      'list_item1: star',
    ]);
    expect(blocks[4]?.locator).toEqual({ line: 10, headingPath: ['Bell Rock', 'Light'] });
    expect(blocks[6]?.locator.headingPath).toEqual(['Chapter 2']);
  });

  test.each(['NOT A HEADING.', '12 345', 'LONG '.repeat(30), 'part of the story'])(
    'does not take "%s" for a heading',
    (line) => {
      expect(plainTextBlocks(line)[0]?.kind).toBe('paragraph');
    },
  );

  test('a number within a paragraph starts no list', () => {
    expect(plainTextBlocks('It was built in the year\n1811. It still stands.')).toHaveLength(2);
    expect(
      outline(plainTextBlocks('It was built on the rock in the long summer of the year\n1811. It stands.')),
    ).toEqual(['paragraph: It was built on the rock in the long summer of the year 1811. It stands.']);
  });

  test('the title is a heading at the very beginning, and warnings about the charset are kept', async () => {
    const titled = await parsed(parse, 'THE TIDE TABLE\n\nHigh water at noon.');
    expect(titled.metadata.title).toEqual({ value: 'THE TIDE TABLE', source: 'heading' });
    const broken = await parsed(parse, Buffer.concat([Buffer.from('é'.repeat(40)), Buffer.from([0xff])]));
    expect(broken.warnings[0]?.code).toBe('text_undecodable');
    expect(broken.metadata.title).toBeNull();
    expect(broken.typeMetadata).toEqual({ charset: 'utf-8' });
  });

  test('no word is lost or made up', () => {
    const words = fc.array(fc.stringMatching(/^[a-z0-9.#*=-]{1,12}$/), { maxLength: 60 });
    const breaks = fc.constantFrom(' ', '\n', '\n\n', '\n- ', '\n  ');
    fc.assert(
      fc.property(words, breaks, breaks, (list, one, other) => {
        const text = list.map((word, index) => word + (index % 3 === 0 ? one : other)).join('');
        const letters = (value: string): string => value.replaceAll(/[^a-z]/g, '');
        expect(
          letters(
            plainTextBlocks(text)
              .map((block) => block.text)
              .join(''),
          ),
        ).toBe(letters(text));
      }),
    );
  });
});

describe('Markdown', () => {
  test('becomes blocks with the lines they begin on', async () => {
    const { blocks, links, metadata } = await markdown(
      '# Tides\n\nTwo *highs* a day,\nsee [the table](http://example.org/t).\n\n- one\n  1. inner\n\n```js\nlet x;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> said\n\n<div>raw <b>html</b></div>\n',
    );
    expect(outline(blocks)).toEqual([
      'heading1: Tides',
      'paragraph: Two highs a day, see the table.',
      'list_item1: one',
      'list_item2#1: inner',
      'code: let x;',
      'table: a\tb\n1\t2',
      'quote: said',
      'paragraph: raw html',
    ]);
    expect(blocks.map(({ locator }) => locator.line)).toEqual([1, 3, 6, 7, 9, 13, 17, undefined]);
    expect(blocks[4]).toMatchObject({ codeLanguage: 'js', locator: { headingPath: ['Tides'] } });
    expect(links).toEqual([{ url: 'http://example.org/t', text: 'the table' }]);
    expect(metadata.title).toEqual({ value: 'Tides', source: 'heading' });
  });

  test('resolves links against the address it came from', async () => {
    const { links } = await markdown('[x](../y.md)', 'https://example.org/a/b.md');
    expect(links).toEqual([{ url: 'https://example.org/y.md', text: 'x' }]);
  });

  test('takes front matter as metadata and keeps line numbers true', async () => {
    const { metadata, typeMetadata, blocks } = await markdown(
      '---\ntitle: Bell Rock\nauthors:\n  - name: R. Stevenson\n  - J. Rennie\ndate: 1811-02-01 10:00\nupdated: 2020\nlang: en\ndescription: A tower\ntags: [light, rock]\n---\n\nText.',
    );
    expect(metadata.title).toEqual({ value: 'Bell Rock', source: 'front-matter' });
    expect(metadata.authors?.value).toEqual(['R. Stevenson', 'J. Rennie']);
    expect(metadata.publishedAt?.value).toBe('1811-02-01T10:00');
    expect(metadata.modifiedAt?.value).toBe('2020');
    expect(metadata.language?.value).toBe('en');
    expect(metadata.description?.value).toBe('A tower');
    expect(typeMetadata).toEqual({ keywords: ['light', 'rock'], charset: 'utf-8' });
    expect(blocks).toEqual([{ kind: 'paragraph', text: 'Text.', locator: { line: 13 } }]);
  });

  test('reads other spellings of front matter', async () => {
    const { metadata, typeMetadata } = await markdown(
      '---\nauthor: A, B\npublished: soon\nlanguage: de\nsummary: S\nkeywords: x\nlastmod: 2024-05\ntitle: [no]\n...\nText.',
    );
    expect(metadata).toMatchObject({ title: null, publishedAt: null, authors: { value: ['A', 'B'] } });
    expect([metadata.language?.value, metadata.description?.value, metadata.modifiedAt?.value]).toEqual([
      'de',
      'S',
      '2024-05',
    ]);
    expect(typeMetadata['keywords']).toEqual(['x']);
  });

  test.each([
    '---\n: : [\n---\nText.',
    '---\n- a list\n---\nText.',
    '---\na: &x [1]\nb: *x\n---\nText.',
    '---\ntitle: never closed\n\nText.',
    'Text.\n---\ntitle: later\n---\n',
  ])('leaves in the text what is no front matter: %j', async (text) => {
    const { metadata, blocks } = await markdown(text);
    expect(metadata.title?.source).not.toBe('front-matter');
    expect(blocks.map((block) => block.text).join(' ')).toContain('Text.');
  });

  test('too large a file is read as plain text', async () => {
    const { blocks } = await markdown(`*star*\n\n${'word '.repeat(500_000)}`);
    expect(blocks[0]?.text).toBe('*star*');
  });
});

describe('limits', () => {
  test.each(['', ' \n\t\n'])('a text without words is refused: %j', async (text) => {
    await expect(parsed(parse, text)).rejects.toMatchObject({ code: 'no_text' });
  });

  test('Markdown that shows nothing is refused', async () => {
    await expect(markdown('<!-- nothing -->\n\n> > >')).rejects.toMatchObject({ code: 'no_text' });
  });

  test('too large a file is refused, naming limit and setting', async () => {
    await expect(parsed(parse, 'x'.repeat(3000), { options: { maxTextBytes: 2048 } })).rejects.toMatchObject({
      code: 'source_too_large',
      hint: expect.stringContaining('MAX_TEXT_MB'),
    });
    await expect(parsed(parse, 'fine', { options: { maxTextBytes: -1 } })).resolves.toBeDefined();
  });

  test('markup made to take for ever does not', async () => {
    for (const text of [
      '[a]('.repeat(20_000),
      '> '.repeat(20_000) + 'x',
      '*a_'.repeat(20_000),
      '`'.repeat(50_000),
    ]) {
      await markdown(text).catch((error: unknown) => expect(error).toMatchObject({ code: 'no_text' }));
    }
    for (const text of ['- '.repeat(50_000), ' '.repeat(100_000) + 'x', '1. '.repeat(50_000)]) {
      expect(plainTextBlocks(text).length).toBeGreaterThan(0);
    }
  });
});

describe('very many paragraphs', () => {
  test('are joined in groups, so that the steps after this one stay within their memory', () => {
    const blocks = plainTextBlocks('word\n\n'.repeat(120_000));
    expect(blocks.length).toBeLessThanOrEqual(50_000);
    expect(
      blocks
        .map((block) => block.text)
        .join('\n')
        .split('\n'),
    ).toHaveLength(120_000);
  });

  test('with headings underlined one after the other are read without recursion', () => {
    expect(plainTextBlocks('a\n===\n'.repeat(20_000))).toHaveLength(20_000);
  });
});
