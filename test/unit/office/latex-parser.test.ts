import { describe, expect, test } from '@jest/globals';
import { documentType } from '../../../backbone/content/document/document-type.ts';
import { parse } from '../../../backbone/content/document/latex-parser.ts';
import { LATEX_TYPE } from '../../../backbone/content/parsing/latex-signs.ts';
import { detectMediaType } from '../../../backbone/content/parsing/media-type.ts';
import { outline, parsed } from '../document/parsed.ts';

const PREAMBLE = '\\documentclass[a4paper]{article}\n\\usepackage[utf8]{inputenc}\nNot text\n';
const read = (text: string) => parsed(parse, text);
const outlineOf = async (text: string) => outline((await read(text)).blocks);
const textOf = async (text: string) => (await read(text)).blocks.map((block) => block.text).join('|');
const kindOf = async (text: string, fileName: string | null, declared: string | null = null) =>
  (await detectMediaType(Buffer.from(text), { fileName, declared })).mediaType;

describe('a LaTeX source', () => {
  test.each([
    ['its class', PREAMBLE, null, null],
    ['its class behind comments', `% old\n\n  % more\n${PREAMBLE}`, 'a.txt', 'text/plain'],
    ['its name, when it has commands', 'On \\emph{light}.', 'a.tex', 'text/plain'],
    ['its declaration, when it has commands', '\\begin{center}', null, 'application/x-tex; charset=utf-8'],
  ])('is known by %s', async (_, text, name, declared) => {
    expect(await kindOf(text, name, declared)).toBe(LATEX_TYPE);
  });

  test.each([
    ['a text called so', 'No commands here.', 'a.tex', 'text/plain'],
    ['a manual', 'Write this:\n\\documentclass{article}', null, 'text/plain'],
    ['Markdown', `${PREAMBLE}# Head`, 'a.md', 'text/markdown'],
    ['nothing but comments', '% one\n% two', null, 'text/plain'],
  ])('is not %s', async (_, text, name, expected) => {
    expect(await kindOf(text, name)).toBe(expected);
  });

  test('has its title, authors, date and the lines of its blocks', async () => {
    const { blocks, metadata, typeMetadata, warnings } = await read(
      `${PREAMBLE}\\title[Short]{The \\textbf{Light}\\thanks{Paid.}}\n\\author{Ann~Author\\thanks{Brest} \\\\ Harbour office \\and Bob}\n\\author[2]{Cy}\n` +
        '\\date{2026-03-02}\n\\begin{document}\n\\maketitle\n\\begin{abstract}\nShort.\n\\end{abstract}\n\n\\section*{One}\n% gone\nText\ngoes on. % gone\n\nNext.\n\\subsection[x]{Two}\\label{s}\n\\end{document}\nAfter',
    );
    expect(metadata).toMatchObject({
      title: { value: 'The Light', source: 'latex' },
      authors: { value: ['Ann Author', 'Bob', 'Cy'], source: 'latex' },
      publishedAt: { value: '2026-03-02', source: 'latex' },
    });
    expect(blocks.map(({ kind, level, text, locator }) => [kind, level, text, locator.line])).toEqual([
      ['heading', 1, 'The Light', 9],
      ['heading', 2, 'Abstract', 10],
      ['paragraph', undefined, 'Short.', 11],
      ['heading', 2, 'One', 14],
      ['paragraph', undefined, 'Text goes on.', 16],
      ['paragraph', undefined, 'Next.', 19],
      ['heading', 3, 'Two', 20],
    ]);
    expect(blocks[4]?.locator.headingPath).toEqual(['The Light', 'One']);
    expect({ typeMetadata, warnings }).toEqual({ typeMetadata: { charset: 'utf-8' }, warnings: [] });
  });

  test('that is a part of another has no preamble, and other files are named', async () => {
    const { blocks, metadata, warnings } = await read('\\part{A}\nText \\input{a} \\include{b}\\date{soon}');
    expect(outline(blocks)).toEqual(['heading1: A', 'paragraph: Text']);
    expect(metadata).toMatchObject({
      title: { value: 'A', source: 'heading' },
      authors: null,
      publishedAt: null,
    });
    expect(warnings).toEqual([
      expect.objectContaining({ code: 'partial_text', message: expect.stringMatching(/it: a, b\.$/) }),
    ]);
    const many = await read(`x${'\\input{f}'.repeat(7)}`);
    expect(many.warnings[0]?.message).toMatch(/f, f, f, f, f and 2 more\.$/);
  });

  test('without text has none', async () => {
    await expect(read(`${PREAMBLE}\\begin{document}\\end{document}`)).rejects.toMatchObject({
      code: 'no_text',
    });
  });
});

describe('text', () => {
  test.each([
    ['accents', `\\'e\\'{e}\\"{\\i}\\"\\i x\\c{c}\\v s\\H{o}\\~n\\'{}\\'{ab}\\^{\\j}`, 'ééïïxçšőñábĵ'],
    ['letters', '\\ss{}\\ae \\O\\aa\\L\\oe{} \\S 5 \\copyright', 'ßæØåŁœ §5 ©'],
    ['signs', '5\\% \\& \\$3 \\#1 a\\_b \\{x\\} \\textbackslash\\ a\\,b', '5% & $3 #1 a_b {x} \\ a b'],
    ['quotes and dashes', "``a'' `b' c--d---e ?`f", '“a” ‘b’ c–d—e ¿f'],
    ['citations', '\\cite[p.~3]{knuth} \\citep[see][]{a,b}, \\ref{s} \\nocite{*}', '[knuth] [a,b], [s]'],
    [
      'unknown commands',
      '\\foo[x]{a} \\textbf{b \\emph{c}} \\vspace*{1em}\\setlength{\\x}[n]{2pt}d\\-e\\/',
      'a b c de',
    ],
    ['colours and boxes', '\\textcolor{red}{a} \\resizebox{1cm}{!}{b}', 'a b'],
    ['formulas', 'so $a <\n b$ and \\(c\\) and $\\text{\\$}$', 'so $a < b$ and $c$ and $\\text{\\$}$'],
    ['a dollar that opens nothing', 'so $a\n\nb', 'so $a|b'],
    ['verbatim words', '\\verb|a--b| \\verb*+c+ & d\\verb', 'a--b c & d'],
    ['breaks', 'a\\\\[2pt] b\\newline c\\par d', 'a\nb\nc|d'],
    ['comments', 'a% x\n  b\n% y\n\nc % z', 'ab|c'],
    ['groups too many', 'a}b{c', 'abc'],
  ])('has %s', async (_, source, expected) => {
    expect(await textOf(source)).toBe(expected);
  });

  test('keeps formulas of their own as they are written', async () => {
    const text =
      'a\n\\begin{equation}\\label{e}\n x \\le % not a comment\n y\n\\end{equation}\n$$z$$ \\[w\\]\\begin{align*}  \\end{align*}';
    expect(await textOf(text)).toBe('a|x \\le % not a comment\n y|z|w');
  });

  test('has links and notes', async () => {
    const { blocks, links } = await read(
      'See \\url{https://a.example/x} or \\href{https://b.example/}{the site}\\href{https://c.example/}\\footnote{Of \\emph{lamps}.\n\nTwo.}\\footnote{} here.\\url{javascript:1}',
    );
    expect(outline(blocks)).toEqual([
      'paragraph: See https://a.example/x or [1] here.javascript:1',
      'footnote: [1] Of lamps. Two.',
    ]);
    expect(links.map(({ url }) => url)).toEqual([
      'https://a.example/x',
      'https://b.example/',
      'https://c.example/',
    ]);
  });

  test('is without drawings and what the author took out', async () => {
    expect(await textOf('a\\begin{comment}x\\end{comment}\\begin{tikzpicture}y\\end{tikzpicture}b')).toBe(
      'ab',
    );
  });
});

describe('macros', () => {
  test.each([
    ['\\newcommand{\\lamp}{the \\emph{lamp}}A \\lamp{} B', 'A the lamp B'],
    ['\\newcommand\\two[2]{#2-#1}\\two{a}{b} \\two cd', 'b-a d-c'],
    ['\\newcommand{\\opt}[2][std]{#1:#2}\\opt{x} \\opt[y]{z}', 'std:x y:z'],
    ['\\def\\pair#1#2{#1+#2}\\pair{a}{b}\\renewcommand*{\\pair}{c}\\pair', 'a+bc'],
    ['\\newcommand{\\be}{\\textbf}\\be{x}', 'x'],
    ['\\renewcommand{\\section}{no}\\section{Yes}x', 'Yes|x'],
    ['\\newcommand{\\bad}[12]{x}\\bad y\\newcommand{}{z}', 'y'],
  ])('%s is %s', async (source, expected) => {
    expect(await textOf(source)).toBe(expected);
  });

  test('that call themselves are left out, and a warning says so', async () => {
    const { blocks, warnings } = await read('\\newcommand{\\a}{x\\a\\a}\\def\\bb{\\bb}\\a\\bb end');
    expect(blocks[0]?.text).toMatch(/^x+ ?end$/);
    expect(warnings).toHaveLength(1);
  });
});

describe('environments', () => {
  test('are lists, with the numbers of their items', async () => {
    const list =
      '\\begin{enumerate}[label=a]\n\\item One\n\\item Two\n\\begin{itemize}\\item In\n\nmore\\end{itemize}\n\\item[x)] Three\n\\end{enumerate}\n\\begin{description}\\item[Lamp] Light\\end{description}\\item Lone';
    expect(await outlineOf(list)).toEqual([
      'list_item1#1: One',
      'list_item1#2: Two',
      'list_item2: In',
      'paragraph: more',
      'list_item1: x) Three',
      'list_item1: Lamp Light',
      'paragraph: Lone',
    ]);
  });

  test('are tables, with the header above the rule and the caption where it stands', async () => {
    const table =
      'Before\\begin{table}[h]\\caption[s]{Harbours}\\begin{tabular}[t]{|l|r|}\\toprule\nHarbour & Height\\footnote{In m.} \\\\ \\midrule\nBrest & 3 \\& 4 \\\\\\hline\n & \\multicolumn{2}{c}{a\n\nb} \\tabularnewline\n&\\\\\\end{tabular}\\end{table}After & so';
    const { blocks } = await read(table);
    expect(outline(blocks)).toEqual([
      'paragraph: Before',
      'caption: Harbours',
      'table: Harbour\tHeight[1]\nBrest\t3 & 4\n\ta b',
      'footnote: [1] In m.',
      'paragraph: After & so',
    ]);
    expect(blocks[2]).toMatchObject({ headerRows: 1 });
  });

  test('in others are part of their line', async () => {
    expect(
      await outlineOf(
        '\\begin{tabularx}{1cm}{X}a & \\begin{tabular}{l}b & c\\\\d\\end{tabular} e\\end{tabularx}\\begin{tabular}{l}\\end{tabular}',
      ),
    ).toEqual(['table: a\tb c d e']);
    expect(
      await outlineOf(
        'x\\footnote{y \\begin{tabular}{l}b & c\\begin{verbatim}d\\end{verbatim}\\end{tabular}}',
      ),
    ).toEqual(['paragraph: x[1]', 'footnote: [1] y b cd']);
  });

  test('are code, in its language', async () => {
    const { blocks } = await read(
      'a\n\\begin{lstlisting}[language={[3]Python},frame=x]\nif x:\n    y % z\n\\end{lstlisting}\\begin{minted}[x]{rust}\nfn\n\\end{minted}\\begin{verbatim}\n\\a{\n\\end{verbatim}\\begin{lstlisting}\nb\\end{lstlisting}\\begin{verbatim}\n\\end{verbatim}',
    );
    expect(blocks.slice(1).map(({ kind, text, codeLanguage }) => [kind, text, codeLanguage])).toEqual([
      ['code', 'if x:\n    y % z', 'python'],
      ['code', 'fn', 'rust'],
      ['code', '\\a{', undefined],
      ['code', 'b', undefined],
    ]);
  });

  test('are quotes, entries of the bibliography and whatever we do not know', async () => {
    const text =
      '\\begin{quote}a\\begin{verse}b\\end{verse}c\\end{quote}d\\begin{theorem}e\\end{theorem}\\begin{thebibliography}{9}\\bibitem[K]{knuth} TeX.\\bibitem{lamport} LaTeX.';
    expect(await outlineOf(text)).toEqual([
      'quote: a',
      'quote: b',
      'quote: c',
      'paragraph: d',
      'paragraph: e',
      'heading2: References',
      'list_item1: [knuth] TeX.',
      'list_item1: [lamport] LaTeX.',
    ]);
  });

  test('that end in the wrong order end together', async () => {
    expect(
      await outlineOf('\\begin{itemize}\\item a\\begin{quote}b\\end{itemize}c\\end{quote}\\end{x}'),
    ).toEqual(['list_item1: a', 'quote: b', 'paragraph: c']);
  });
});

describe('commands at the end of the text', () => {
  test.each(
    'begin end date input url href cite bibitem def newcommand title section footnote verb item item[a] newcommand\\x def\\x newcommand\\x[1]{#2}\\x begin{minted} begin{verbatim} begin{tabular} end{document} maketitle section{} caption{} footnote{\\verb|y|\\begin{equation}y\\end{equation}}'.split(
      ' ',
    ),
  )('take nothing from it: \\%s', async (command) => {
    expect(await textOf(`x\\${command}`)).toMatch(/^x(?:|\|a|\[1\]\|\[1\] yy)$/);
  });
});

test('an address that ends in .tex is a document', () => {
  expect(documentType.claimsUrl(new URL('https://example.org/a.tex'))).toBe(true);
});
