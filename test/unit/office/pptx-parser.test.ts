import { describe, expect, test } from '@jest/globals';
import { parse } from '../../../backbone/content/document/pptx-parser.ts';
import { detectMediaType, PPTX_TYPE } from '../../../backbone/content/parsing/media-type.ts';
import { line, offset, shape, slidesFile, type SlidesFile } from '../../support/slides-file.ts';
import { zipArchive } from '../../support/zip-archive.ts';
import { outline, parsed } from '../document/parsed.ts';

const read = (file: SlidesFile) => parsed(parse, slidesFile(file));
const outlineOf = async (...shapes: readonly string[]) =>
  outline((await read({ slides: [{ shapes: shapes.join('') }] })).blocks);

const TITLE = { placeholder: 'type="title"' };
const BODY = { placeholder: 'idx="1"' };
const title = (text: string): string => shape(line(text), TITLE);
const cell = (text: string, attributes = ''): string =>
  `<a:tc ${attributes}><a:txBody>${line(text)}</a:txBody></a:tc>`;
const table = (rows: readonly string[], look = ''): string =>
  `<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="4" name="t"/><p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x="0" y="5000000"/></p:xfrm>
   <a:graphic><a:graphicData><a:tbl><a:tblPr ${look}/>${rows.map((row) => `<a:tr>${row}</a:tr>`).join('')}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>`;
const picture = (description: string): string =>
  `<p:pic><p:nvPicPr><p:cNvPr id="5" name="p" descr="${description}"/><p:nvPr/></p:nvPicPr><p:spPr>${offset([0, 9_000_000])}</p:spPr></p:pic>`;

describe('slides', () => {
  test('come in the order of the show, whatever their parts are called, and are cited by number', async () => {
    const { blocks, pageCount } = await read({
      slides: [{ shapes: title('Second') + shape(line('Text')) }, { shapes: title('First') }],
      show: ['slide2', 'slide1'],
    });
    expect(blocks.map(({ text, locator }) => [text, locator])).toEqual([
      ['First', { slide: 1 }],
      ['Second', { slide: 2 }],
      ['Text', { slide: 2, headingPath: ['Second'] }],
    ]);
    expect(pageCount).toBe(2);
  });

  test('that are missing or listed twice are counted and told', async () => {
    const { warnings, pageCount } = await read({
      slides: [{ shapes: title('One') }],
      show: ['slide1', 'slide9', 'slide1'],
    });
    expect(pageCount).toBe(3);
    expect(warnings).toEqual([{ code: 'slides_left_out', message: 'Only 1 of 3 slides could be read.' }]);
  });

  test('that are hidden are read and named', async () => {
    const { typeMetadata, blocks } = await read({
      slides: [{ shapes: title('One') }, { shapes: title('Backup'), attributes: 'show="0"' }],
    });
    expect(typeMetadata).toMatchObject({ hiddenSlides: [2] });
    expect(outline(blocks)).toContain('heading1: Backup');
  });

  test('end with their notes, without what repeats on every page of notes', async () => {
    const notes =
      shape(line('7'), { placeholder: 'type="sldNum"' }) +
      shape(line('Speak slowly') + line('Then stop'), { placeholder: 'type="body" idx="1"' });
    const { blocks } = await read({ slides: [{ shapes: title('One'), notes }, { shapes: title('Two') }] });
    expect(outline(blocks)).toEqual([
      'heading1: One',
      'footnote: Notes: Speak slowly',
      'footnote: Then stop',
      'heading1: Two',
    ]);
    expect(blocks[1]?.locator).toEqual({ slide: 1, headingPath: ['One'] });
  });
});

describe('shapes', () => {
  test('are read top-down and from the left, the title first', async () => {
    expect(
      await outlineOf(
        shape(line('Below'), { at: [0, 4_000_000] }),
        shape(line('Right'), { at: [5_000_000, 2_000_000] }),
        shape(line('Left'), { at: [100, 2_050_000] }),
        shape(line('Title'), { ...TITLE, at: [0, 8_000_000] }),
      ),
    ).toEqual(['heading1: Title', 'paragraph: Left', 'paragraph: Right', 'paragraph: Below']);
  });

  test('without a place of their own stand where layout or master have them', async () => {
    const { blocks } = await read({
      slides: [
        {
          shapes:
            shape(line('From master'), { placeholder: 'type="subTitle"' }) +
            shape(line('From layout'), { placeholder: 'idx="7"' }) +
            shape(line('Top'), { at: [0, 10] }),
        },
      ],
      layout: shape('', { placeholder: 'idx="7"', at: [0, 3_000_000] }) + shape('', { at: [1, 1] }),
      master: shape('', { placeholder: 'type="subTitle" idx="7"', at: [0, 6_000_000] }),
    });
    expect(blocks.map(({ text }) => text)).toEqual(['Top', 'From layout', 'From master']);
  });

  test('in groups stay together; those with a place that is no number count as at the top', async () => {
    const group = `<p:grpSp><p:nvGrpSpPr><p:cNvPr id="9" name="g"/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr>${offset([0, 900_000])}</p:grpSpPr>
      ${shape(line('G2'), { at: [0, 9_000_000] })}${shape(line('G1'), { at: [0, 0] })}</p:grpSp>`;
    const odd = shape(line('Odd')).replace('<p:spPr>', '<p:spPr><a:xfrm><a:off x="a" y="b"/></a:xfrm>');
    expect(await outlineOf(shape(line('After'), { at: [0, 3_000_000] }), group, odd)).toEqual([
      'paragraph: Odd',
      'paragraph: G1',
      'paragraph: G2',
      'paragraph: After',
    ]);
  });

  test('that are hidden, or repeat on each slide, or hold nothing are left out', async () => {
    expect(
      await outlineOf(
        shape(line('Kept')),
        shape(line('Hidden'), { hidden: true }),
        shape(line('3'), { placeholder: 'type="sldNum"' }),
        shape(line('Company'), { placeholder: 'type="ftr"' }),
        shape('<a:p/>', TITLE),
        '<p:sp><p:nvSpPr/></p:sp><p:sp/>',
      ),
    ).toEqual(['paragraph: Kept']);
  });

  test('in two forms are read once, in the form that has words', async () => {
    const forms = (choice: string, fallback: string): string =>
      `<mc:AlternateContent><mc:Choice>${choice}</mc:Choice><mc:Fallback>${fallback}</mc:Fallback></mc:AlternateContent>`;
    expect(
      await outlineOf(
        forms(shape(line('New')), shape(line('Old'))),
        forms('<p:contentPart/>', shape(line('Only old'))),
        forms('', ''),
        '<mc:AlternateContent/>',
      ),
    ).toEqual(['paragraph: New', 'paragraph: Only old']);
  });

  test('that are pictures give their descriptions, file names aside', async () => {
    expect(await outlineOf(shape(line('Text')), picture('A duck&#10;on paper'), picture('duck.png'))).toEqual(
      ['paragraph: Text', 'image: A duck on paper'],
    );
  });
});

describe('paragraphs', () => {
  test('of body placeholders are items unless they say otherwise; others only if they have a bullet', async () => {
    const lines =
      line('Lead', '<a:pPr><a:buNone/></a:pPr>') +
      line('Item') +
      line('Inner', '<a:pPr lvl="1"/>') +
      line('Too deep', '<a:pPr lvl="40"/>') +
      line('Odd', '<a:pPr lvl="x"/>');
    expect(await outlineOf(shape(lines, BODY))).toEqual([
      'paragraph: Lead',
      'list_item1: Item',
      'list_item2: Inner',
      'list_item9: Too deep',
      'list_item1: Odd',
    ]);
    expect(
      await outlineOf(shape(line('Plain') + line('Dot', '<a:pPr><a:buChar char="•"/></a:pPr>'))),
    ).toEqual(['paragraph: Plain', 'list_item1: Dot']);
  });

  test('are numbered as printed', async () => {
    const numbered = (text: string, level = 0, more = ''): string =>
      line(text, `<a:pPr lvl="${level}"><a:buAutoNum type="arabicPeriod" ${more}/></a:pPr>`);
    const lines =
      numbered('Three', 0, 'startAt="3"') +
      numbered('Inner', 1) +
      numbered('Inner too', 1) +
      numbered('Four', 0, 'startAt="3"') +
      numbered('Inner again', 1, 'startAt="x"') +
      line('Between', '<a:pPr><a:buNone/></a:pPr>') +
      numbered('One');
    expect(await outlineOf(shape(lines))).toEqual([
      'list_item1#3: Three',
      'list_item2#1: Inner',
      'list_item2#2: Inner too',
      'list_item1#4: Four',
      'list_item2#1: Inner again',
      'paragraph: Between',
      'list_item1#1: One',
    ]);
  });

  test('keep line breaks, formulas and fields, but no slide numbers', async () => {
    const formula = '<m:oMath><m:r><m:t>x+y</m:t></m:r></m:oMath>';
    const inside = `<a:r><a:t>One</a:t></a:r><a:br/><a:r><a:t>two &amp;\u000b  three</a:t></a:r>
      <mc:AlternateContent><mc:Choice><a14:m>${formula}</a14:m></mc:Choice><mc:Fallback><a:r><a:t>image</a:t></a:r></mc:Fallback></mc:AlternateContent>
      <mc:AlternateContent/><a:fld type="slidenum"><a:t>9</a:t></a:fld><a:fld type="file"><a:t>name</a:t></a:fld><a:fld><a:t>!</a:t></a:fld>`;
    expect(await outlineOf(shape(`<a:p>${inside}</a:p>`))).toEqual([
      'paragraph: One\ntwo &\nthree x+y name!',
    ]);
    expect(await outlineOf(shape(`<a:p>${inside}</a:p>${line('end')}`, TITLE))).toEqual([
      'heading1: One two & three x+y name! end',
    ]);
  });

  test('keep the links that lead to the web', async () => {
    const linked = (id: string, text: string): string =>
      `<a:p><a:r><a:rPr><a:hlinkClick r:id="${id}"/></a:rPr><a:t>${text}</a:t></a:r></a:p>`;
    const { links } = await read({
      slides: [
        {
          shapes: shape(linked('a', 'Site')) + shape(linked('b', 'Script') + linked('c', '?'), TITLE),
          links: { a: 'https://example.org/x', b: 'javascript:alert(1)' },
        },
      ],
    });
    expect(links).toEqual([{ url: 'https://example.org/x', text: 'Site' }]);
  });
});

describe('tables', () => {
  test('are rows, with a header if their look has one, merged cells repeated', async () => {
    const rows = [
      cell('Name') + cell('Value') + cell('', 'hMerge="1"'),
      cell('a') + cell('1') + cell('x'.repeat(81)),
      cell('', 'vMerge="1"') + cell('2') + cell('', 'vMerge="true"'),
      '<a:tc/><a:tc/><a:tc/>',
    ];
    const { blocks } = await read({ slides: [{ shapes: table(rows, 'firstRow="1"') }] });
    expect(blocks[0]).toMatchObject({
      kind: 'table',
      headerRows: 1,
      rows: [
        ['Name', 'Value', 'Value'],
        ['a', '1', 'x'.repeat(81)],
        ['a', '2', ''],
      ],
    });
  });

  test('without a look have no header, and empty ones are left out', async () => {
    const { blocks } = await read({
      slides: [{ shapes: table([cell('only')]).replace('<a:tblPr />', '') + table(['<a:tc/>']) }],
    });
    expect(blocks).toMatchObject([{ text: 'only', headerRows: 0 }]);
  });
});

describe('files', () => {
  test('bring their properties, made-up titles aside', async () => {
    const slides = [{ shapes: title('Tides') }];
    const core = '<dc:title>PowerPoint Presentation</dc:title><dc:creator>Ann Lee</dc:creator>';
    const made = await read({ slides, core });
    expect(made.metadata.title).toEqual({ value: 'Tides', source: 'heading' });
    expect(made.metadata.authors).toEqual({ value: ['Ann Lee'], source: 'pptx-core' });
    const named = await read({ slides, core: '<dc:title>On tides</dc:title>' });
    expect(named.metadata.title).toEqual({ value: 'On tides', source: 'pptx-core' });
    const none = await read({ slides: [{ shapes: shape(line('x')) }] });
    expect(none.metadata.title).toBeNull();
  });

  test('without words, slides or a presentation say so', async () => {
    await expect(read({ slides: [{ shapes: picture('Alone') }] })).rejects.toMatchObject({ code: 'no_text' });
    await expect(read({ slides: [] })).rejects.toMatchObject({ code: 'no_text' });
    const bare = zipArchive([{ name: 'ppt/presentation.xml', content: '<x/>' }]);
    await expect(parsed(parse, bare)).rejects.toMatchObject({ code: 'no_text' });
    await expect(parsed(parse, zipArchive([]))).rejects.toMatchObject({ code: 'file_damaged' });
    await expect(parsed(parse, 'PK?')).rejects.toMatchObject({ code: 'file_damaged' });
  });

  test('with slides or layouts that are not whole are read as far as they go', async () => {
    const root = (content: string): string =>
      `<p:x xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">${content}</p:x>`;
    const bytes = zipArchive([
      {
        name: 'ppt/presentation.xml',
        content: root('<p:sldIdLst><p:sldId/><p:sldId r:id="1"/></p:sldIdLst>'),
      },
      {
        name: 'ppt/_rels/presentation.xml.rels',
        content:
          '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="1" Type="x/slide" Target="s.xml"/></Relationships>',
      },
      { name: 'ppt/s.xml', content: root('') },
    ]);
    await expect(parsed(parse, bytes)).rejects.toMatchObject({ code: 'no_text' });
  });

  test('are known by their bytes', async () => {
    const bytes = slidesFile({ slides: [{ shapes: title('One') }] });
    const found = await detectMediaType(bytes, { declared: null, fileName: null });
    expect(found).toEqual({ mediaType: PPTX_TYPE, description: 'a PowerPoint presentation' });
  });

  test('report progress by slides', async () => {
    const told: (readonly [number, number])[] = [];
    const bytes = slidesFile({ slides: [{ shapes: title('One') }, { shapes: title('Two') }] });
    await parsed(parse, bytes, {}, (done, total) => told.push([done, total]));
    expect(told).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });
});
