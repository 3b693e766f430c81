/** Writes the plain kind of Word document that mammoth reads without loss: a file of five parts. */
import { crc32 } from 'node:zlib';
import { escapeXml } from '../../parsing/xml-escape.ts';

/** Styles of paragraphs, and the HTML that mammoth makes of each. */
export const STYLE_MAP: readonly string[] = [
  ...[1, 2, 3, 4, 5, 6].map((level) => `p.Heading${level} => h${level}:fresh`),
  'p.Quote => blockquote > p:fresh',
  'p.Caption => figcaption:fresh',
  "p.Code => pre:separator('\\n')",
  'p.Note => p.note:fresh',
  'p.Margin => p.margin:fresh',
  'p.Picture => p.picture:fresh',
];
/** Bookmark that carries an ordered item's number through mammoth, which counts by itself otherwise. */
export const ORDINAL_PREFIX = 'ordinal-';
/** As deep as mammoth's own rules for lists go. */
export const DEEPEST_LIST = 5;

const W = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const R = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** A .docx of the body's XML and the addresses that its hyperlinks `link0`, `link1` ... lead to. */
export function plainWordFile(body: string, links: readonly string[]): Buffer {
  const relations = links.map(
    (target, index) =>
      `<Relationship Id="link${index}" Type="${R}/hyperlink" Target="${escapeXml(target)}" TargetMode="External"/>`,
  );
  return storedZip([
    ['word/document.xml', `<w:document xmlns:w="${W}" xmlns:r="${R}"><w:body>${body}</w:body></w:document>`],
    ['word/numbering.xml', NUMBERING],
    [
      'word/_rels/document.xml.rels',
      `<Relationships xmlns="${PACKAGE}">${relations.join('')}</Relationships>`,
    ],
  ]);
}

/** Numbering 1 is of bullets, 2 of numbers. */
const NUMBERING = `<w:numbering xmlns:w="${W}">${['bullet', 'decimal']
  .map((format, index) => {
    const levels = Array.from(
      { length: DEEPEST_LIST },
      (_, level) => `<w:lvl w:ilvl="${level}"><w:numFmt w:val="${format}"/></w:lvl>`,
    );
    return `<w:abstractNum w:abstractNumId="${index}">${levels.join('')}</w:abstractNum>`;
  })
  .join(
    '',
  )}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>`;

/** An archive of uncompressed entries. */
function storedZip(entries: readonly (readonly [name: string, content: string])[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of entries) {
    const content = Buffer.from(text);
    const header = Buffer.alloc(26);
    header.writeUInt16LE(20, 0);
    header.writeUInt32LE(crc32(content), 10);
    header.writeUInt32LE(content.length, 14);
    header.writeUInt32LE(content.length, 18);
    header.writeUInt16LE(name.length, 22);
    const position = Buffer.alloc(14);
    position.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), header, position, Buffer.from(name));
    const file = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), header, Buffer.from(name), content]);
    files.push(file);
    offset += file.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, central, end]);
}
