import { createHash } from 'node:crypto';

/** Writes small PDFs: text at coordinates in the fonts every reader has, so that layouts are easy to test. */

export type PdfFont = 'regular' | 'bold' | 'mono';

export interface PdfRun {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size?: number;
  readonly font?: PdfFont;
  /** Anticlockwise, in degrees. */
  readonly angle?: number;
}

export interface PdfPageSpec {
  readonly runs?: readonly PdfRun[];
  /** Draws the picture over most of the page. */
  readonly picture?: boolean;
  /** Clockwise turn of the page. */
  readonly rotate?: number;
  readonly links?: readonly { readonly url: string; readonly box: readonly number[] }[];
  /** Drawing operators after the runs. */
  readonly operators?: string;
}

export interface PdfOutlineSpec {
  readonly title: string;
  /** 1-based; left out for entries that lead nowhere. */
  readonly page?: number;
  readonly items?: readonly PdfOutlineSpec[];
}

export interface PdfSpec {
  readonly pages: readonly PdfPageSpec[];
  readonly info?: Readonly<Record<string, string>>;
  readonly xmp?: string;
  readonly language?: string;
  readonly outline?: readonly PdfOutlineSpec[];
  /** The inside of a number tree: `0 << /S /r >> 2 << /S /D >>`. */
  readonly labels?: string;
  readonly formFields?: readonly string[];
  readonly attachments?: readonly string[];
  /** The picture that pages draw; a grey dot unless given. */
  readonly jpeg?: { readonly bytes: Uint8Array; readonly width: number; readonly height: number };
  /** Encrypts the file; '' opens without a question. */
  readonly userPassword?: string;
  /** What the page tree says it holds, when it lies. */
  readonly declaredPages?: number;
}

const WIDTH = 595;
const HEIGHT = 842;
const FONTS: Readonly<Record<PdfFont, string>> = {
  regular: 'Helvetica',
  bold: 'Helvetica-Bold',
  mono: 'Courier',
};
const RESOURCES =
  '/Resources << /Font << /regular 3 0 R /bold 4 0 R /mono 5 0 R >> /XObject << /picture 6 0 R >> >>';
const PADDING = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');
const FILE_ID = Buffer.from('0123456789abcdef0123456789abcdef', 'hex');
const PERMISSIONS = -4;
/** Signs outside Latin-1 that WinAnsiEncoding has. */
const WIN_ANSI: Readonly<Record<string, number>> = {
  '\u2022': 0x95,
  '\u2013': 0x96,
  '\u2014': 0x97,
  '\u201c': 0x93,
  '\u201d': 0x94,
  '\u2018': 0x91,
  '\u2019': 0x92,
  '\u2026': 0x85,
  '\u02dc': 0x98,
  '\u02c6': 0x88,
};

interface PdfObject {
  readonly dictionary: string;
  readonly stream?: Buffer;
}

/** A text cut between words into lines of at most 80 characters. */
export function linesOf(text: string): readonly string[] {
  return text.match(/.{1,80}(\s|$)/g) ?? [];
}

/** The lines of a column from its top down, as runs. */
export function columnOf(
  lines: readonly string[],
  place: {
    readonly x: number;
    readonly y: number;
    readonly leading?: number;
    readonly size?: number;
    readonly font?: PdfFont;
  },
): readonly PdfRun[] {
  const { x, y, leading = 12, size = 10, font = 'regular' } = place;
  return lines.map((text, index) => ({ text, x, y: y - index * leading, size, font }));
}

export function buildPdf(spec: PdfSpec): Uint8Array {
  const objects: PdfObject[] = [];
  const key = spec.userPassword === undefined ? null : encryptionKey(spec.userPassword);
  const add = (dictionary: string, stream?: Buffer): number =>
    objects.push(stream === undefined ? { dictionary } : { dictionary, stream });
  const text = (value: string): string => literal(textString(value), key, objects.length + 1);
  add('<< /Type /Catalog >>');
  add('<< /Type /Pages >>');
  for (const name of Object.values(FONTS))
    add(`<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`);
  addPicture(add, spec.jpeg);
  const pageNumbers = spec.pages.map((page) => addPage(add, page));
  const catalog = [
    '/Pages 2 0 R',
    ...(spec.language === undefined ? [] : [`/Lang (${spec.language})`]),
    ...(spec.labels === undefined ? [] : [`/PageLabels << /Nums [${spec.labels}] >>`]),
    ...(spec.outline === undefined
      ? []
      : [`/Outlines ${addOutline(add, spec.outline, pageNumbers, text)} 0 R`]),
    ...(spec.xmp === undefined
      ? []
      : [`/Metadata ${add('<< /Type /Metadata /Subtype /XML', Buffer.from(spec.xmp))} 0 R`]),
    ...formOf(add, spec.formFields ?? []),
    ...attachmentsOf(add, spec.attachments ?? []),
  ];
  objects[0] = { dictionary: `<< /Type /Catalog ${catalog.join(' ')} >>` };
  const kids = pageNumbers.map((number) => `${number} 0 R`).join(' ');
  objects[1] = {
    dictionary: `<< /Type /Pages /Count ${spec.declaredPages ?? pageNumbers.length} /MediaBox [0 0 ${WIDTH} ${HEIGHT}] ${RESOURCES} /Kids [${kids}] >>`,
  };
  const trailer = ['/Root 1 0 R'];
  if (spec.info !== undefined) {
    const entries = Object.entries(spec.info).map(([name, value]) => `/${name} ${text(value)}`);
    trailer.push(`/Info ${add(`<< ${entries.join(' ')} >>`)} 0 R`);
  }
  if (spec.userPassword !== undefined)
    trailer.push(
      encryption(spec.userPassword),
      `/ID [<${FILE_ID.toString('hex')}> <${FILE_ID.toString('hex')}>]`,
    );
  return serialise(objects, trailer, key);
}

type Add = (dictionary: string, stream?: Buffer) => number;
type Text = (value: string) => string;

function addPicture(add: Add, jpeg: PdfSpec['jpeg']): void {
  const picture = (width: number, height: number, how: string): string =>
    `<< /Type /XObject /Subtype /Image /Width ${width} /Height ${height} /BitsPerComponent 8 ${how}`;
  if (jpeg === undefined) add(picture(1, 1, '/ColorSpace /DeviceGray'), Buffer.from([128]));
  else
    add(
      picture(jpeg.width, jpeg.height, '/ColorSpace /DeviceRGB /Filter /DCTDecode'),
      Buffer.from(jpeg.bytes),
    );
}

function addPage(add: Add, page: PdfPageSpec): number {
  const picture = page.picture === true ? 'q 500 0 0 700 40 60 cm /picture Do Q\n' : '';
  const content = add(
    '<<',
    Buffer.from(
      `${picture}${(page.runs ?? []).map(operators).join('\n')}\n${page.operators ?? ''}`,
      'latin1',
    ),
  );
  const links = (page.links ?? []).map(
    ({ url, box }) =>
      `${add(`<< /Type /Annot /Subtype /Link /Rect [${box.join(' ')}] /A << /S /URI /URI (${url}) >> >>`)} 0 R`,
  );
  return add(
    `<< /Type /Page /Parent 2 0 R /Rotate ${page.rotate ?? 0} /Contents ${content} 0 R /Annots [${links.join(' ')}] >>`,
  );
}

function operators(run: PdfRun): string {
  const radians = ((run.angle ?? 0) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)].map((value) => value.toFixed(4));
  const place = `${cos} ${sin} ${-Number(sin)} ${cos} ${run.x} ${run.y} Tm`;
  return `BT /${run.font ?? 'regular'} ${run.size ?? 10} Tf ${place} ${escaped(winAnsi(run.text))} Tj ET`;
}

function addOutline(
  add: Add,
  items: readonly PdfOutlineSpec[],
  pages: readonly number[],
  text: Text,
): number {
  return add(`<< /Type /Outlines ${addOutlineItems(add, items, pages, text)} >>`);
}

/** Writes from the last to the first, so that each entry can name its next sister; returns the links to them. */
function addOutlineItems(
  add: Add,
  items: readonly PdfOutlineSpec[],
  pages: readonly number[],
  text: Text,
): string {
  let next = '';
  let last = '';
  for (const item of [...items].reverse()) {
    const children = addOutlineItems(add, item.items ?? [], pages, text);
    const page = item.page === undefined ? undefined : pages[item.page - 1];
    const dest = page === undefined ? '' : `/Dest [${page} 0 R /Fit]`;
    const number = add(
      `<< /Title ${text(item.title)} ${dest} ${children} ${next === '' ? '' : `/Next ${next}`} >>`,
    );
    next = `${number} 0 R`;
    if (last === '') last = next;
  }
  return next === '' ? '' : `/First ${next} /Last ${last} /Count ${items.length}`;
}

function formOf(add: Add, names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const fields = names.map(
    (name) =>
      `${add(`<< /Type /Annot /Subtype /Widget /FT /Tx /T (${name}) /V (x) /Rect [0 0 10 10] >>`)} 0 R`,
  );
  return [`/AcroForm << /Fields [${fields.join(' ')}] >>`];
}

function attachmentsOf(add: Add, names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const files = names.map((name) => {
    const stream = add('<< /Type /EmbeddedFile', Buffer.from('attached'));
    return `(${name}) ${add(`<< /Type /Filespec /F (${name}) /EF << /F ${stream} 0 R >> >>`)} 0 R`;
  });
  return [`/Names << /EmbeddedFiles << /Names [${files.join(' ')}] >> >>`];
}

function serialise(
  objects: readonly PdfObject[],
  trailer: readonly string[],
  key: Buffer | null,
): Uint8Array {
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n')];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  const push = (part: Buffer): void => {
    parts.push(part);
    length += part.length;
  };
  objects.forEach(({ dictionary, stream }, index) => {
    offsets.push(length);
    const body =
      stream === undefined ? undefined : key === null ? stream : rc4(objectKey(key, index + 1), stream);
    push(Buffer.from(`${index + 1} 0 obj\n${dictionary}`, 'latin1'));
    if (body !== undefined) {
      push(Buffer.from(` /Length ${body.length} >>\nstream\n`));
      push(body);
      push(Buffer.from('\nendstream'));
    }
    push(Buffer.from('\nendobj\n'));
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  push(
    Buffer.from(
      `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer << /Size ${size} ${trailer.join(' ')} >>\nstartxref\n${length}\n%%EOF\n`,
      'latin1',
    ),
  );
  return new Uint8Array(Buffer.concat(parts));
}

function winAnsi(text: string): Buffer {
  return Buffer.from(Array.from(text, (sign) => WIN_ANSI[sign] ?? sign.charCodeAt(0) & 0xff));
}

/** A text string outside a page: UTF-16 with its mark. */
function textString(text: string): Buffer {
  return Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]);
}

function literal(bytes: Buffer, key: Buffer | null, object: number): string {
  return `<${(key === null ? bytes : rc4(objectKey(key, object), bytes)).toString('hex')}>`;
}

function escaped(bytes: Buffer): string {
  return `<${bytes.toString('hex')}>`;
}

// The standard security handler, revision 2 (RC4, 40 bits), with the user's password as the owner's.

function encryption(password: string): string {
  const user = rc4(encryptionKey(password), PADDING);
  const hex = (bytes: Buffer): string => `<${bytes.toString('hex')}>`;
  return `/Encrypt << /Filter /Standard /V 1 /R 2 /P ${PERMISSIONS} /O ${hex(ownerEntry(password))} /U ${hex(user)} >>`;
}

function padded(password: string): Buffer {
  return Buffer.concat([Buffer.from(password, 'latin1'), PADDING]).subarray(0, 32);
}

function ownerEntry(password: string): Buffer {
  return rc4(md5(padded(password)).subarray(0, 5), padded(password));
}

function encryptionKey(password: string): Buffer {
  const permissions = Buffer.alloc(4);
  permissions.writeInt32LE(PERMISSIONS);
  return md5(Buffer.concat([padded(password), ownerEntry(password), permissions, FILE_ID])).subarray(0, 5);
}

function objectKey(key: Buffer, object: number): Buffer {
  const number = Buffer.from([object & 0xff, (object >> 8) & 0xff, (object >> 16) & 0xff, 0, 0]);
  return md5(Buffer.concat([key, number])).subarray(0, key.length + 5);
}

function md5(bytes: Buffer): Buffer {
  return createHash('md5').update(bytes).digest();
}

function rc4(key: Buffer, bytes: Buffer): Buffer {
  const state = Array.from({ length: 256 }, (_, index) => index);
  const swap = (a: number, b: number): void => {
    [state[a], state[b]] = [state[b] ?? 0, state[a] ?? 0];
  };
  for (let index = 0, other = 0; index < 256; index++) {
    other = (other + (state[index] ?? 0) + (key[index % key.length] ?? 0)) & 0xff;
    swap(index, other);
  }
  let [i, j] = [0, 0];
  return Buffer.from(bytes).map((byte) => {
    i = (i + 1) & 0xff;
    j = (j + (state[i] ?? 0)) & 0xff;
    swap(i, j);
    return byte ^ (state[((state[i] ?? 0) + (state[j] ?? 0)) & 0xff] ?? 0);
  }) as Buffer;
}
