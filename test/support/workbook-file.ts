import { zipArchive, type ZipMember } from './zip-archive.ts';

const OFFICE = 'http://schemas.openxmlformats.org';
const TYPES = `${OFFICE}/officeDocument/2006/relationships`;
const NAMESPACES = `xmlns="${OFFICE}/spreadsheetml/2006/main" xmlns:r="${TYPES}"`;

export interface SheetPart {
  readonly name: string;
  /** The inside of `sheetData`, and what stands behind it. */
  readonly rows: string;
  readonly after?: string;
  readonly state?: string;
  /** The inside of its comments. */
  readonly comments?: string;
}

export interface WorkbookFile {
  readonly sheets: readonly SheetPart[];
  /** The inside of `sst`. */
  readonly strings?: string;
  /** Own formats by number from 164 on, null for one without a code; each is a style of its own, from style 1 on. */
  readonly formats?: readonly (string | null)[];
  /** Attributes of `workbookPr`. */
  readonly properties?: string;
  readonly core?: string;
}

/** An .xlsx as far as the parts given go. */
export function workbookFile({ sheets, strings, formats, properties, core }: WorkbookFile): Buffer {
  const list = sheets.map(
    ({ name, state }, index) =>
      `<sheet name="${name}" sheetId="${index + 1}" r:id="s${index}"${state === undefined ? '' : ` state="${state}"`}/>`,
  );
  const setup = properties === undefined ? '' : `<workbookPr ${properties}/>`;
  const members: ZipMember[] = [
    relationships('_rels/.rels', [
      relationship('m', 'officeDocument', 'xl/workbook.xml'),
      relationship('c', 'metadata/core-properties', 'docProps/core.xml'),
    ]),
    part('xl/workbook.xml', `<workbook ${NAMESPACES}>${setup}<sheets>${list.join('')}</sheets></workbook>`),
    relationships('xl/_rels/workbook.xml.rels', [
      ...sheets.map((_, index) => relationship(`s${index}`, 'worksheet', `worksheets/sheet${index}.xml`)),
      relationship('styles', 'styles', 'styles.xml'),
      relationship('strings', 'sharedStrings', 'sharedStrings.xml'),
    ]),
    ...sheets.flatMap(sheetMembers),
  ];
  if (strings !== undefined)
    members.push(part('xl/sharedStrings.xml', `<sst ${NAMESPACES}>${strings}</sst>`));
  if (formats !== undefined) members.push(part('xl/styles.xml', stylesXml(formats)));
  if (core !== undefined) {
    const names = `xmlns:cp="${OFFICE}/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"`;
    members.push(part('docProps/core.xml', `<cp:coreProperties ${names}>${core}</cp:coreProperties>`));
  }
  return zipArchive(members);
}

/** A row of cells as texts in place; numbers are numbers, and what begins with `<` is a cell as XML. */
export function row(...cells: readonly (string | number)[]): string {
  return `<row>${cells.map(cellXml).join('')}</row>`;
}

function cellXml(cell: string | number): string {
  if (typeof cell === 'number') return `<c><v>${cell}</v></c>`;
  if (cell === '') return '<c/>';
  return cell.startsWith('<') ? cell : `<c t="inlineStr"><is><t>${cell}</t></is></c>`;
}

function sheetMembers({ rows, after = '', comments }: SheetPart, index: number): ZipMember[] {
  const sheet = part(
    `xl/worksheets/sheet${index}.xml`,
    `<worksheet ${NAMESPACES}><sheetData>${rows}</sheetData>${after}</worksheet>`,
  );
  if (comments === undefined) return [sheet];
  return [
    sheet,
    relationships(`xl/worksheets/_rels/sheet${index}.xml.rels`, [
      relationship('n', 'comments', `../comments${index}.xml`),
    ]),
    part(`xl/comments${index}.xml`, `<comments ${NAMESPACES}>${comments}</comments>`),
  ];
}

function stylesXml(formats: readonly (string | null)[]): string {
  const own = formats.map(
    (code, index) => `<numFmt numFmtId="${164 + index}"${code === null ? '' : ` formatCode="${code}"`}/>`,
  );
  const styles = formats.map((_, index) => `<xf numFmtId="${164 + index}"/>`);
  return `<styleSheet ${NAMESPACES}><numFmts>${own.join('')}</numFmts><cellXfs><xf/>${styles.join('')}<xf numFmtId="14"/></cellXfs></styleSheet>`;
}

function part(name: string, content: string): ZipMember {
  return { name, content };
}

function relationships(name: string, all: readonly string[]): ZipMember {
  return part(
    name,
    `<Relationships xmlns="${OFFICE}/package/2006/relationships">${all.join('')}</Relationships>`,
  );
}

function relationship(id: string, type: string, target: string): string {
  return `<Relationship Id="${id}" Type="${TYPES}/${type}" Target="${target}"/>`;
}
