import { describe, expect, test } from '@jest/globals';
import { fb2Section } from '../../support/fb2-builder.ts';
import { chaptersOf, textsOf } from './read-epub.ts';
import { readFb2 } from './read-fb2.ts';

const kindsOf = async (body: string): Promise<readonly (readonly [string, string])[]> => {
  const { blocks } = await readFb2({ body });
  return blocks.map(({ kind, text }) => [kind, text] as const);
};

describe('the sections of a FictionBook', () => {
  test('are chapters, with titles as headings by depth', async () => {
    const onProgress: string[] = [];
    const inner = fb2Section('Low', '<p>Deep.</p>', 'id="low"');
    const body = fb2Section('One', `<p>First.</p>${inner}`, 'id="one"') + fb2Section('Two', '<p>Second.</p>');
    const book = await readFb2({ body }, { onProgress });
    expect(chaptersOf(book)).toEqual([
      ['One', 'One'],
      ['First.', 'One'],
      ['Low', 'Low'],
      ['Deep.', 'Low'],
      ['Two', 'Two'],
      ['Second.', 'Two'],
    ]);
    expect(book.blocks.map(({ level }) => level)).toEqual([1, undefined, 2, undefined, 1, undefined]);
    expect(book.blocks.map(({ locator }) => locator.href)).toEqual([
      '#one',
      '#one',
      '#low',
      '#low',
      undefined,
      undefined,
    ]);
    expect(book.blocks.map(({ locator }) => locator.headingPath)).toEqual([
      undefined,
      ['One'],
      ['One'],
      ['One', 'Low'],
      undefined,
      ['Two'],
    ]);
    expect(book.typeMetadata['chapters']).toEqual([
      { title: 'One', href: '#one', depth: 1 },
      { title: 'Low', href: '#low', depth: 2 },
      { title: 'Two', href: '', depth: 1 },
    ]);
    expect(onProgress).toEqual(['1/2', '2/2']);
  });

  test('without a title belong to the chapter around them, and never to the one before', async () => {
    const body = `<section><title><p>One</p></title><section id="a"><p>A.</p></section><p>Stray.</p></section>
      <section><p>Untitled.</p></section>`;
    const { blocks } = await readFb2({ body });
    expect(blocks.map(({ text, locator }) => [text, locator])).toEqual([
      ['One', { chapter: 'One' }],
      ['A.', { chapter: 'One', href: '#a', headingPath: ['One'] }],
      ['Stray.', { chapter: 'One', headingPath: ['One'] }],
      ['Untitled.', {}],
    ]);
  });

  test('may be many levels deep: headings have six, and names are repeated for eight', async () => {
    let body = '<p>Bottom.</p>';
    for (let depth = 12; depth > 0; depth -= 1) body = fb2Section(`S${depth}`, body);
    const { blocks } = await readFb2({ body });
    expect(blocks.map(({ level }) => level)).toEqual([1, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6, 6, undefined]);
    expect(blocks.at(-1)?.locator).toEqual({
      chapter: 'S12',
      headingPath: ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8'],
    });
  });

  test('stand below the title of the body, which is the book’s own and no chapter', async () => {
    const body = `<title><p>Ann Author</p><p>A book</p></title><epigraph><p>So be it.</p></epigraph>${fb2Section('One', '<p>Text.</p>')}`;
    const book = await readFb2({ body });
    expect(chaptersOf(book)).toEqual([
      ['Ann Author A book', undefined],
      ['So be it.', undefined],
      ['One', 'One'],
      ['Text.', 'One'],
    ]);
    expect(book.blocks.map(({ level }) => level)).toEqual([1, undefined, 2, undefined]);
  });

  test('of a second body stand under its title', async () => {
    const more = `<body><title><p>Book two</p></title>${fb2Section('Then', '<p>More.</p>')}</body>`;
    const { blocks } = await readFb2({ body: '<section><p>Text.</p></section>', more });
    expect(blocks.at(-1)?.locator).toEqual({ chapter: 'Then', headingPath: ['Book two', 'Then'] });
  });

  test('with identifiers beyond measure have none', async () => {
    const { blocks } = await readFb2({ body: `<section id="${'x'.repeat(201)}"><p>Text.</p></section>` });
    expect(blocks.map(({ locator }) => locator)).toEqual([{}]);
  });
});

describe('the parts of a section', () => {
  test('subtitles are headings, but rows of stars are not', async () => {
    const body = fb2Section('One', '<subtitle>Later</subtitle><p>Text.</p><subtitle>* * *</subtitle>');
    expect(await kindsOf(body)).toEqual([
      ['heading', 'One'],
      ['heading', 'Later'],
      ['paragraph', 'Text.'],
      ['paragraph', '* * *'],
    ]);
  });

  test('epigraphs and cites are quotes, with their authors', async () => {
    const quote = (name: string): string => `<${name}><p>Words.</p><text-author>Bob</text-author></${name}>`;
    expect(await kindsOf(`<section>${quote('epigraph')}${quote('cite')}</section>`)).toEqual([
      ['quote', 'Words.'],
      ['quote', 'Bob'],
      ['quote', 'Words.'],
      ['quote', 'Bob'],
    ]);
  });

  test('a stanza is one block of lines', async () => {
    const poem = `<poem><title><p>Ode</p></title><stanza><v>One <emphasis>line</emphasis>,</v>
      <v>two lines</v></stanza><stanza><subtitle>II</subtitle><v>three</v><v>four</v></stanza>
      <text-author>Bob</text-author><date>1900</date></poem>`;
    expect(await kindsOf(`<section>${poem}<cite>${poem}</cite></section>`)).toEqual(
      ['paragraph', 'quote'].flatMap((kind) => [
        [kind, 'Ode'],
        [kind, 'One line,\ntwo lines'],
        [kind, 'II'],
        [kind, 'three\nfour'],
        [kind, 'Bob'],
        [kind, '1900'],
      ]),
    );
  });

  test('tables keep their rows', async () => {
    const body = `<section><table><tr><th>Name</th><th>Sum</th></tr>
      <tr><td rowspan="2">Tea</td><td>1</td></tr><tr><td>2</td></tr></table></section>`;
    const { blocks } = await readFb2({ body });
    expect(blocks).toEqual([
      {
        kind: 'table',
        text: 'Name\tSum\nTea\t1\nTea\t2',
        rows: [
          ['Name', 'Sum'],
          ['Tea', '1'],
          ['Tea', '2'],
        ],
        headerRows: 1,
        locator: {},
      },
    ]);
  });

  test('styles join a line, empty lines part blocks, pictures show by what they say', async () => {
    const body = `<section><p>A <strong>b</strong><style name="x">c</style> <strikethrough>d</strikethrough>
      x<sup>2</sup> <code>e</code></p><empty-line/><p>F<empty-line/>g</p>
      <image l:href="#1.png"/><image l:href="#2.png" alt="A map"/></section>`;
    expect(await kindsOf(body)).toEqual([
      ['paragraph', 'A bc d x2 e'],
      ['paragraph', 'F'],
      ['paragraph', 'g'],
      ['image', 'A map'],
    ]);
  });

  test('links to the web are listed', async () => {
    const body =
      '<section><p><a l:href="https://example.org/">Here</a>, <a l:href="#x">there</a></p></section>';
    const book = await readFb2({ body });
    expect(book.links).toEqual([{ url: 'https://example.org/', text: 'Here' }]);
    expect(textsOf(book)).toEqual(['Here, there']);
  });
});

describe('the notes', () => {
  const notesOf = async (body: string, notes: string, more = ''): Promise<readonly unknown[]> => {
    const { blocks } = await readFb2({ body, notes, more });
    return blocks.map(({ kind, text, locator }) => [kind, text, locator.href]);
  };
  const ref = (id: string, sign: string): string => `<a l:href="#${id}" type="note">${sign}</a>`;

  test('come behind the part that refers to them, once, with the sign of the text', async () => {
    const body = `<section id="s"><title><p>One</p></title><p>A${ref('n1', '[1]')} b${ref('n1', '[1]')}.</p>
      <p>C.</p></section>`;
    const { blocks } = await readFb2({
      body,
      notes: `<title><p>Notes</p></title>${fb2Section('1', '<p>Said.</p><p>More.</p>', 'id="n1"')}`,
    });
    expect(blocks.slice(1)).toEqual([
      {
        kind: 'paragraph',
        text: 'A[1] b[1].',
        locator: { chapter: 'One', href: '#s', headingPath: ['One'] },
      },
      { kind: 'footnote', text: '[1] Said.', locator: { chapter: 'One', href: '#n1', headingPath: ['One'] } },
      { kind: 'footnote', text: 'More.', locator: { chapter: 'One', href: '#n1', headingPath: ['One'] } },
      { kind: 'paragraph', text: 'C.', locator: { chapter: 'One', href: '#s', headingPath: ['One'] } },
    ]);
  });

  test('of titles, poems and tables come behind the whole of them', async () => {
    const notes = ['a', 'b', 'c'].map((id) => fb2Section(id, `<p>On ${id}.</p>`, `id="${id}"`)).join('');
    const body = `<section><title><p>One${ref('a', '*')}</p></title>
      <poem><stanza><v>x${ref('b', '')}</v><v>y</v></stanza></poem>
      <table><tr><td>1</td><td>2${ref('c', '3')}</td></tr><tr><td>3</td><td>4</td></tr></table></section>`;
    expect(await notesOf(body, notes)).toEqual([
      ['heading', 'One*', undefined],
      ['footnote', '* On a.', '#a'],
      ['paragraph', 'x\ny', undefined],
      ['footnote', 'b On b.', '#b'],
      ['table', '1\t23\n3\t4', undefined],
      ['footnote', '3 On c.', '#c'],
    ]);
  });

  test('may refer to further notes and to each other', async () => {
    const notes =
      fb2Section('1', `<p>See ${ref('c1', '*')}.</p>`, 'id="n1"') +
      fb2Section('2', '<p>Not referred to.</p>', 'id="n2"');
    const comments = `<body name="comments"><section id="c1"><p>Back to ${ref('n1', '1')}.</p></section></body>`;
    expect(await notesOf(`<section><p>A${ref('n1', '1')}</p></section>`, notes, comments)).toEqual([
      ['paragraph', 'A1', undefined],
      ['footnote', '1 See *.', '#n1'],
      ['footnote', '* Back to 1.', '#c1'],
      ['footnote', '2 Not referred to.', '#n2'],
    ]);
  });

  test('may be grouped, hold tables, have no title, no id, or be paragraphs alone', async () => {
    const table = '<table><tr><th>a</th><th>b</th></tr></table>';
    const grouped = `<section><title><p>Chapter 1</p></title><section id="n1">${table}<p>T.</p></section><section>Loose.</section></section>`;
    expect(await notesOf(`<section><p>A${ref('n1', '1')}</p></section>`, grouped)).toEqual([
      ['paragraph', 'A1', undefined],
      ['table', 'a\tb', '#n1'],
      ['footnote', '1 T.', '#n1'],
      ['footnote', 'Loose.', undefined],
    ]);
    const alone = '<title><p>Notes</p></title><p id="n1">P.</p>';
    expect(await notesOf(`<section><p>A${ref('n1', '1')}</p></section>`, alone)).toEqual([
      ['paragraph', 'A1', undefined],
      ['footnote', '1 P.', '#n1'],
    ]);
  });

  test('are text in a book that has nothing else', async () => {
    const book = await readFb2(
      Buffer.from('<FictionBook><body name="notes"><section><p>All.</p></section></body></FictionBook>'),
    );
    expect(book.blocks).toEqual([{ kind: 'paragraph', text: 'All.', locator: {} }]);
  });
});
