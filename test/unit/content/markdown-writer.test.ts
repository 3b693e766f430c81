import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { markdownOf } from '../../../backbone/content/markdown-writer.ts';
import type { Block, BlockKind } from '../../../backbone/content/model.ts';
import { dangersIn, renderedText } from '../../support/rendered-markdown.ts';

const block = (kind: BlockKind, text: string, more: Partial<Block> = {}): Block => ({
  kind,
  text,
  locator: {},
  ...more,
});
const KINDS: readonly BlockKind[] = [
  'heading',
  'paragraph',
  'list_item',
  'table',
  'code',
  'quote',
  'caption',
  'footnote',
  'image',
];

describe('blocks as Markdown', () => {
  test('have the marks of their kind', () => {
    const markdown = markdownOf([
      block('heading', 'Title', { level: 2 }),
      block('paragraph', 'Two\nlines'),
      block('list_item', 'one', { level: 1 }),
      block('list_item', 'two', { level: 2, ordinal: 3 }),
      block('quote', 'said\nso'),
      block('caption', 'A picture'),
      block('image', 'A mill', { source: 'https://a.example/m(1).jpg?a=1&b=2' }),
      block('code', 'let a = `x`;', { codeLanguage: 'c++' }),
      block('table', 'a\tb', { rows: [['a|b'], ['c', 'd']], headerRows: 1 }),
      block('table', 'no rows'),
      block('footnote', 'note'),
      block('paragraph', ''),
      block('image', ''),
    ]);
    expect(markdown.split('\n\n')).toEqual([
      '## Title',
      'Two\nlines',
      '- one\n  3. two',
      '> said\n> so',
      '*A picture*',
      '![A mill](https://a.example/m%281%29.jpg?a=1&b=2)',
      '```c++\nlet a = `x`;\n```',
      String.raw`| a\|b |  |` + '\n| --- | --- |\n| c | d |',
      'no rows',
      'note',
      '![]()',
    ]);
  });

  test.each([
    ['a tag', '<script>alert(1)</script>'],
    ['a tag behind a backslash', String.raw`\<img src=x onerror=alert(1)>`],
    ['a comment', '<!-- x --> <?php ?>'],
    ['a link', '[a](javascript:alert(1)) ![b](data:text/html,x) [c][d]'],
    ['a link behind a backslash', String.raw`[a\](javascript:alert(1))`],
    ['a definition', '[a]: javascript:alert(1)'],
    ['an autolink', '<javascript:alert(1)>'],
    ['a reference', '&lt;script&gt; jav&#x09;ascript:'],
    ['a backslash', '\\frac{a}{b} and C:\\<x>, \\'],
    ['a lone sign', '1 < 2 && a[1] > b'],
  ])('keep %s as the text that it is', (_name, text) => {
    const markdown = markdownOf([block('paragraph', text)]);
    expect(renderedText(markdown)).toBe(text);
    expect(dangersIn(markdown)).toEqual([]);
  });

  test.each(['```', '~~~~', '  ```js'])('are not swallowed by %s in a text', (fence) => {
    const markdown = markdownOf([
      block('paragraph', `Look:\n${fence}`),
      block('list_item', fence.trim()),
      block('code', '<script>alert(1)</script>'),
    ]);
    expect(dangersIn(markdown)).toEqual([]);
    expect(renderedText(markdown)).toContain(fence.trim());
  });

  test('keep code in its fence, whatever language it claims and however long its own fences are', () => {
    const code = '````\n<script>alert(1)</script>\n````';
    const markdown = markdownOf([block('code', code, { codeLanguage: 'a`b' }), block('code', code)]);
    expect(markdown.startsWith('`````\n')).toBe(true);
    expect(dangersIn(markdown)).toEqual([]);
  });

  test.each(['javascript:alert(1)', 'data:image/svg+xml,x', 'java\tscript:x', 'VBScript:x'])(
    'name no picture at %s',
    (source) => expect(markdownOf([block('image', 'x', { source })])).toBe('![x]()'),
  );

  test.each([
    'images/a.png',
    'https://a.example/)[x](javascript:alert(1)',
    'javascript&colon;alert(1)',
    '\\',
  ])('let no address of a picture out of its place: %s', (source) => {
    const markdown = markdownOf([block('image', 'x](y)\\', { source })]);
    expect(dangersIn(markdown)).toEqual([]);
    expect(markdown).toContain('](');
  });

  test('take time in line with their length', () => {
    const rows = [Array.from({ length: 50_000 }, () => 'x'), ...Array.from({ length: 150_000 }, () => ['y'])];
    const markdown = markdownOf([
      block('table', '', { rows, headerRows: 1 }),
      block('table', 'x', { rows, headerRows: 1 }),
      block('code', '``` '.repeat(200_000)),
      block('paragraph', '\\'.repeat(500_000)),
      block('list_item', 'deep', { level: 1_000_000 }),
    ]);
    expect(markdown.length).toBeLessThan(4_000_000);
  });

  test('never come alive', () => {
    const hostile = fc
      .array(
        fc.constantFrom(
          ...[
            '<',
            '>',
            '\\',
            '`',
            '```',
            '~~~',
            '[',
            ']',
            '(',
            ')',
            ':',
            '!',
            '|',
            '\n',
            '\n\n',
            '  ',
            '- ',
            '> ',
          ],
          ...[
            'script',
            '<img src=x onerror=a>',
            'javascript:a',
            '[x]: ',
            '&lt;',
            '&#60;',
            '<!--',
            '-->',
            '<svg/onload=a>',
          ],
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join(''));
    const blocks = fc.array(
      fc.record({
        kind: fc.constantFrom(...KINDS),
        text: hostile,
        locator: fc.constant({}),
        source: hostile,
        codeLanguage: hostile.map((text) => text.replaceAll('\n', ' ')),
        level: fc.integer({ min: 1, max: 3 }),
        rows: fc.array(fc.array(hostile, { maxLength: 3 }), { maxLength: 3 }),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(blocks, (some) => expect(dangersIn(markdownOf(some))).toEqual([])),
      { numRuns: 500 },
    );
  });
});
