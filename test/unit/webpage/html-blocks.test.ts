import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Block } from '../../../backbone/content/model.ts';
import { htmlBlocks, type HtmlBlockOptions } from '../../../backbone/content/parsing/html-blocks.ts';
import { limitMarkup } from '../../../backbone/content/parsing/html-markup.ts';
import { labelOf, parseHtml, treeSize } from '../../../backbone/content/parsing/html-tree.ts';

const read = (html: string, options: Partial<HtmlBlockOptions> = {}): ReturnType<typeof htmlBlocks> =>
  htmlBlocks(parseHtml(html)('body').toArray(), { baseUrl: 'https://a.example/dir/', ...options });
const blocksOf = (html: string): Block[] => read(html).blocks.map(({ block }) => block);
const brief = (html: string): string[] => blocksOf(html).map(({ kind, text }) => `${kind}: ${text}`);

describe('blocks of text', () => {
  test('neighbouring items and cells are never glued together', () => {
    expect(brief('<ul><li>one</li><li>two</li></ul><div>a<div>b</div>c</div>')).toEqual([
      'list_item: one',
      'list_item: two',
      'paragraph: a',
      'paragraph: b',
      'paragraph: c',
    ]);
  });

  test('white space collapses across inline elements', () => {
    expect(brief('<p> one <b> two</b>\n<i>three</i>&nbsp; four </p>')).toEqual([
      'paragraph: one two three four',
    ]);
  });

  test('one br breaks the line, two end the paragraph', () => {
    expect(brief('<br>a<br>b<br> <br>c')).toEqual(['paragraph: a\nb', 'paragraph: c']);
  });

  test('lists nest, count from start and value, and keep a second paragraph apart', () => {
    expect(
      blocksOf('<ol start="3"><li>a<ul><li>b</ul><li value=7><p>c<p>d<li>e</ol><ol start=x><li>f</ol>'),
    ).toMatchObject([
      { kind: 'list_item', text: 'a', level: 1, ordinal: 3 },
      { kind: 'list_item', text: 'b', level: 2 },
      { kind: 'list_item', text: 'c', level: 1, ordinal: 7 },
      { kind: 'paragraph', text: 'd' },
      { kind: 'list_item', text: 'e', ordinal: 8 },
      { kind: 'list_item', text: 'f', ordinal: 1 },
    ]);
  });

  test('definition lists give terms and, one level deeper, definitions', () => {
    expect(blocksOf('<dl><dt>Term<dd>Meaning</dl>')).toMatchObject([
      { kind: 'list_item', text: 'Term', level: 1 },
      { kind: 'list_item', text: 'Meaning', level: 2 },
    ]);
  });

  test('headings stay whole and stand in the path of what follows', () => {
    const blocks = blocksOf(
      '<h1>A<div>b</div></h1><p>x<h2>C<br>d<button>e</button></h2><p>y<h2>E</h2><p>z<div role=heading aria-level=9>F</div>',
    );
    expect(blocks.map(({ text, locator }) => [text, locator.headingPath])).toEqual([
      ['A b', undefined],
      ['x', ['A b']],
      ['C de', ['A b']],
      ['y', ['A b', 'C de']],
      ['E', ['A b']],
      ['z', ['A b', 'E']],
      ['F', ['A b']],
    ]);
  });

  test('outer headings and the caller’s locator are kept', () => {
    const { blocks } = read('<h2>Two</h2><p>x', { headingPath: ['Book'], locator: { chapter: '1' } });
    expect(blocks[1]?.block.locator).toEqual({ chapter: '1', headingPath: ['Book', 'Two'] });
  });

  test('quotes, details and captions are told apart', () => {
    expect(
      brief(
        '<blockquote><p>q<p>r</blockquote><details><summary>s</summary>t</details><figure><figcaption>u<p>v<ul><li>w</ul></figcaption></figure>',
      ),
    ).toEqual(['quote: q', 'quote: r', 'paragraph: s', 'paragraph: t', 'caption: u v w']);
  });

  test('scripts, styles, templates, hidden parts and form controls are left out', () => {
    const hidden = '<p hidden>1</p><p style="color:red; display: none">2</p><span aria-hidden=true>3</span>';
    expect(
      brief(
        `${hidden}<script>4</script><style>5</style><noscript>6</noscript><template>7</template><svg><text>8</text></svg><button>9</button><p hidden=until-found>seen`,
      ),
    ).toEqual(['paragraph: seen']);
  });

  test('the caller may leave out more', () => {
    const { blocks } = read('<p class=x>a<p>b', { isDropped: (element) => element.attribs['class'] === 'x' });
    expect(blocks.map(({ block }) => block.text)).toEqual(['b']);
  });

  test('marks come down the tree', () => {
    const { blocks } = read('<nav>a<p>b</nav>c', { markOf: ({ name }, mark) => (name === 'nav' ? 1 : mark) });
    expect(blocks.map(({ mark }) => mark)).toEqual([1, 1, 0]);
  });
});

describe('code', () => {
  test.each([
    ['<pre><code class="language-js">\n  a\n    b\n</code></pre>', '  a\n    b', 'js'],
    ['<div class="highlight-source-ruby"><pre>x</pre></div>', 'x', 'ruby'],
    ['<pre data-lang="C++">x</pre>', 'x', 'c++'],
    ['<pre class="language-none">x<br>y</pre>', 'x\ny', undefined],
    ['<pre><div>a</div><div>b</div></pre>', 'a\nb', undefined],
    ['<pre><span class="lineno">1</span>a</pre>', 'a', undefined],
  ])('%s', (html, text, codeLanguage) => {
    const [block] = blocksOf(html);
    expect([block?.kind, block?.text, block?.codeLanguage]).toEqual(['code', text, codeLanguage]);
  });

  test('beside a gutter in a table is code, without the numbers', () => {
    expect(brief('<table><tr><td class=gutter><pre>1\n2</pre><td><pre>a\nb</pre></table>')).toEqual([
      'code: a\nb',
    ]);
  });
});

describe('tables', () => {
  test('become rows with their header, spans laid out and caption before', () => {
    const html =
      '<table><caption>Cap</caption><thead><tr><th>A<th>B</thead><tr><td rowspan=2>1<td>2<tr><td><a href=x>3</a><br>4<tr><td colspan=2>wide<tr><td></table>';
    expect(blocksOf(html)).toEqual([
      { kind: 'caption', text: 'Cap', locator: {} },
      {
        kind: 'table',
        text: 'A\tB\n1\t2\n1\t3 4\nwide\t',
        rows: [
          ['A', 'B'],
          ['1', '2'],
          ['1', '3 4'],
          ['wide', ''],
        ],
        headerRows: 1,
        locator: {},
      },
    ]);
    expect(read(html).links).toEqual([{ url: 'https://a.example/dir/x', text: '3', blockIndex: 1 }]);
  });

  test.each([
    ['one column', '<table><tr><td>a<tr><td>b</table>'],
    ['one row', '<table><tr><td>a<td>b</table>'],
    ['a role that says so', '<table role=presentation><tr><td>a<td>x<tr><td>b<td>y</table>'],
    ['a table within', '<table><tr><td>a<td><table><tr><td>b</table><tr><td>c<td>d</table>'],
    [
      'parts of a page in a cell',
      `<table><tr><td>a<td><p>${'word '.repeat(150)}<p>b<p>c<tr><td>d<td>e</table>`,
    ],
  ])('with %s arrange the page and are read as text', (_, html) => {
    const kinds = new Set(blocksOf(html).map(({ kind }) => kind));
    expect([...kinds]).toEqual(['paragraph']);
  });

  test('a header beside each value is no column header', () => {
    expect(blocksOf('<table><tr><th>A<td>1<tr><th>B<td><img alt=pic></table>')[0]).toMatchObject({
      headerRows: 0,
      text: 'A\t1\nB\tpic',
    });
  });

  test('spans beyond reason and hidden rows do no harm', () => {
    const html =
      '<table><tr><td colspan=99999 rowspan=99999>a<td>b<tr style="display:none"><td>h<td>i<tr><td>c<td colspan=-1>d</table>';
    const [table] = blocksOf(html);
    expect(table?.rows?.length).toBe(2);
    expect(table?.text).not.toContain('h');
  });
});

describe('images, links and formulas', () => {
  test('images with a text come after the sentence they stand in', () => {
    expect(blocksOf('<p>one <img src=/p.png alt="pic"> two</p><img alt=""><img src=x>')).toEqual([
      { kind: 'paragraph', text: 'one two', locator: {} },
      { kind: 'image', text: 'pic', source: 'https://a.example/p.png', locator: {} },
    ]);
  });

  test.each([
    ['data-src=/late.png src=data:x', 'https://a.example/late.png'],
    ['srcset="/s.png 1x, /t.png 2x"', 'https://a.example/s.png'],
    ['src=javascript:x', undefined],
    ['src=https://user:pass@b.example/', undefined],
  ])('the source of an image with %s is %s', (attributes, source) => {
    expect(blocksOf(`<img alt=x ${attributes}>`)[0]?.source).toBe(source);
  });

  test('only web addresses are links, with the share of link text noted', () => {
    const { links, blocks } = read(
      '<p><a href=b>bb</a> x <a href="#c">c</a><a href="mailto:d@e.example">d</a></p>',
    );
    expect(links).toEqual([{ url: 'https://a.example/dir/b', text: 'bb', blockIndex: 0 }]);
    expect(blocks[0]?.linkLength).toBe(4);
    expect(read('<a href=/x>y</a>', { baseUrl: null }).links).toEqual([]);
    expect(read(`<a href="${'x'.repeat(3000)}">y</a>`).links).toEqual([]);
  });

  test.each([
    ['<math alttext="x^2"><mi>x</mi></math>', 'a x^2 b'],
    [
      '<math><semantics><mi>x</mi><annotation encoding="application/x-tex">y_1</annotation></semantics></math>',
      'a y_1 b',
    ],
    ['<script type="math/tex">z+1</script>', 'a z+1 b'],
    ['<img class="mwe-math-fallback" alt="w">', 'a w b'],
    ['<math><mi>v</mi></math>', 'avb'],
  ])('the formula %s reads as %s', (html, text) => {
    expect(blocksOf(`<p>a${html}b</p>`)[0]?.text).toBe(text);
  });
});

describe('properties', () => {
  const word = fc.stringMatching(/^[a-z]{3,8}$/);
  const tags = [
    'p',
    'div',
    'b',
    'a',
    'ul',
    'li',
    'h2',
    'blockquote',
    'section',
    'table',
    'td',
    'pre',
    'dd',
    'figure',
    'figcaption',
    'span',
  ];
  const tree = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      word,
      fc
        .tuple(fc.constantFrom(...tags), fc.array(tie('node'), { maxLength: 4 }))
        .map(([tag, inner]) => `<${tag}>${inner.join(' ')}</${tag}>`),
    ),
  })).node;

  test('no text is lost', () => {
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 6 }), (parts) => {
        const html = parts.join(' ');
        const wanted = html.replaceAll(/<[^>]*>/g, ' ').match(/[a-z]+/g) ?? [];
        const found =
          blocksOf(html)
            .map(({ text }) => text)
            .join(' ')
            .match(/[a-z]+/g) ?? [];
        expect(found.toSorted().join('')).toHaveLength(wanted.join('').length);
      }),
      { numRuns: 200 },
    );
  });

  test('tag soup of any kind never throws and gives well-formed, trimmed text', () => {
    const soup = fc.array(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 20 }),
        fc.constantFrom(
          '<',
          '>',
          '</',
          '<!--',
          '-->',
          '="',
          "'",
          '<p',
          '<td>',
          '<table>',
          '</b>',
          '<b>',
          '<script>',
          '<svg>',
          '&#0;',
          '&#xd800;',
          '<li>',
          '<math>',
          '<img alt=x>',
          '<br>',
        ),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(soup, (parts) => {
        for (const { text, kind } of blocksOf(parts.join(''))) {
          expect(text.isWellFormed()).toBe(true);
          if (kind !== 'table' && kind !== 'code') expect(text).toBe(text.trim());
        }
      }),
      { numRuns: 300 },
    );
  });

  test('markup within the limits is left as it is', () => {
    fc.assert(
      fc.property(tree, (html) => expect(limitMarkup(html)).toBe(html)),
      { numRuns: 100 },
    );
  });
});

describe('limits of markup', () => {
  const limits = {
    maxDepth: 2,
    maxFormattingDepth: 1,
    maxAttributeLength: 20,
    maxAttributes: 2,
    maxTags: 10,
  };

  test.each([
    ['<div><div><div>x</div></div></div>y', '<div><div>x</div></div>y'],
    ['<b><b>x</b></b>', '<b>x</b>'],
    ['<p a b=">" c>x', '<p>x'],
    ["<p a='1' b = 2/>x", "<p a='1' b = 2/>x"],
    [
      '<div><div><!-- <div> --><script><div></script></div></div>',
      '<div><div><!-- <div> --><script><div></script></div></div>',
    ],
    ['a < b <3 </ x <p a="', 'a < b <3 </ x <p a="'],
    ['<!-- open', '<!-- open'],
    [`<a x="${'a'.repeat(30)}" y='${'b'.repeat(30)}'>x</a><i z="c">`, `<a x="" y=''>x</a><i z="c">`],
    ['<style>x', '<style>x'],
  ])('%s', (html, wanted) => {
    expect(limitMarkup(html, limits)).toBe(wanted);
  });

  test('more tags than allowed are refused', () => {
    expect(() => limitMarkup('<p>'.repeat(11), limits)).toThrow(
      expect.objectContaining({ code: 'file_unsafe' }),
    );
  });

  test('a label is cut off at its limits', () => {
    const [root] = parseHtml(`<p>${'<b>ab</b><i> c</i>'.repeat(100)}<script>no</script>`)('p').toArray();
    expect(root && labelOf(root, { maxNodes: 1000, maxLength: 5 })).toBe('ab ca');
  });

  test('the size of a tree counts elements and levels', () => {
    expect(treeSize(parseHtml('<p><b>x</b></p>')._root)).toEqual({ elements: 5, depth: 5 });
  });
});
