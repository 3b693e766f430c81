/** The sheets of a workbook and the formats of its cells. */
import { elementAt, elementsOf, type XmlElement } from '../../parsing/xml.ts';
import type { OoxmlPackage } from '../ooxml/ooxml-package.ts';
import { builtInFormat } from './number-format.ts';
import { readSharedStrings } from './shared-strings.ts';

export interface Sheet {
  readonly name: string;
  readonly isHidden: boolean;
  /** Name of its part; empty when the file does not say. */
  readonly part: string;
}

export interface Workbook {
  readonly sheets: readonly Sheet[];
  readonly is1904: boolean;
  /** Number formats by style. */
  readonly formats: readonly string[];
  readonly strings: readonly string[];
}

/** Errors: as `OoxmlPackage.part`. */
export async function readWorkbook(file: OoxmlPackage): Promise<Workbook> {
  const root = await file.part(file.mainPart);
  const relationships = await file.relationshipsOf(file.mainPart);
  const targetOf = (type: string): string =>
    relationships.find((relationship) => relationship.type === type)?.target ?? '';
  // Sheets of charts and macros have no cells.
  const parts = new Map(
    relationships.filter(({ type }) => type === 'worksheet').map(({ id, target }) => [id, target]),
  );
  const date1904 = root === null ? null : elementAt(root, 's:workbookPr')?.attributes.get('date1904');
  return {
    sheets: listed(root, 's:sheets', 's:sheet').map(({ attributes }) => ({
      name: (attributes.get('name') ?? '').trim().toWellFormed(),
      isHidden: /hidden/i.test(attributes.get('state') ?? ''),
      part: parts.get(attributes.get('r:id') ?? '') ?? '',
    })),
    is1904: date1904 === '1' || date1904 === 'true',
    formats: formatsOf(await file.part(targetOf('styles'))),
    strings: readSharedStrings(await file.bytes(targetOf('sharedStrings'))),
  };
}

function formatsOf(styles: XmlElement | null): readonly string[] {
  const own = new Map(
    listed(styles, 's:numFmts', 's:numFmt').map(({ attributes }) => [
      attributes.get('numFmtId'),
      attributes.get('formatCode') ?? '',
    ]),
  );
  return listed(styles, 's:cellXfs', 's:xf').map(({ attributes }) => {
    const id = attributes.get('numFmtId');
    return own.get(id) ?? builtInFormat(Number(id));
  });
}

function listed(root: XmlElement | null, list: string, name: string): readonly XmlElement[] {
  const element = root === null ? null : elementAt(root, list);
  return element === null ? [] : elementsOf(element, name);
}
