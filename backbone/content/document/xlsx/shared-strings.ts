import { scanXml, type XmlScan } from '../../parsing/xml-scan.ts';

const MAX_STRINGS = 1_000_000;

/** The texts that cells refer to by number. Sounds written above East Asian words are left out. */
export function readSharedStrings(bytes: Uint8Array | null): readonly string[] {
  const scan = new StringScan();
  if (bytes !== null) scanXml(bytes, scan);
  return scan.strings;
}

class StringScan implements XmlScan {
  readonly strings: string[] = [];
  #text = '';
  #inText = false;
  #inSound = false;

  get done(): boolean {
    return this.strings.length >= MAX_STRINGS;
  }

  open(name: string): void {
    if (name === 'si') this.#text = '';
    if (name === 'rPh') this.#inSound = true;
    this.#inText = name === 't' && !this.#inSound;
  }

  text(piece: string): void {
    if (this.#inText) this.#text += piece;
  }

  close(name: string): void {
    this.#inText = false;
    if (name === 'rPh') this.#inSound = false;
    if (name === 'si') this.strings.push(this.#text);
  }
}
