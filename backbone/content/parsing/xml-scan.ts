/** Goes through the XML of a sheet without building a tree: a million cells would not fit into memory as one. */
import { Parser } from 'htmlparser2';
import { AppError } from '../../errors.ts';
import { decodeText } from './charset.ts';
import { withoutDoctype } from './xml-doctype.ts';

export interface XmlScan {
  /** Names are without their prefixes, which no two elements of a sheet differ by. */
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text(piece: string): void;
  close(name: string): void;
  /** Once true, the rest is not read. */
  readonly done: boolean;
}

/** As for trees: the parser takes longer for each element the deeper it stands. */
const MAX_DEPTH = 512;
const PIECE_CHARACTERS = 64 * 1024;

/** Errors: `file_unsafe` when a DOCTYPE declares entities or elements nest too deep. */
export function scanXml(bytes: Uint8Array, scan: XmlScan): void {
  const text = withoutDoctype(decodeText(bytes, { declared: null, kind: 'xml' }).text);
  let depth = 0;
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        depth += 1;
        if (depth > MAX_DEPTH) throw new AppError('file_unsafe');
        scan.open(localName(name), attributes);
      },
      ontext: (piece) => scan.text(piece),
      onclosetag: (name) => {
        depth -= 1;
        scan.close(localName(name));
      },
    },
    { xmlMode: true },
  );
  for (let at = 0; at < text.length && !scan.done; at += PIECE_CHARACTERS)
    parser.write(text.slice(at, at + PIECE_CHARACTERS));
  parser.end();
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
