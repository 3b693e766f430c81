/** Writes a message of the Internet (RFC 2045) part by part. All content is Base64, so no part can end another. */

export interface Field {
  readonly name: string;
  readonly parts: readonly {
    readonly text: string;
    /** ASCII without line ends, written as it is. */
    readonly isPlain: boolean;
  }[];
}

const LONGEST_TEXT = 4000;
/** Characters of an encoded word: at most 3 bytes each, and 45 bytes fill a line. */
const WORD_CHARACTERS = 15;

export class MimeWriter {
  readonly #parts: Buffer[] = [];
  #boundaries = 0;
  #boundary = '';
  #isInHeader = true;

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  /** The header's own fields; the content must follow. */
  fields(fields: readonly Field[]): void {
    for (const { name, parts } of fields) {
      const words = parts.flatMap(({ text, isPlain }) => (isPlain ? [text] : encodedWords(text)));
      this.#line(`${name}: ${words.join('\r\n ')}`);
    }
    this.#line('MIME-Version: 1.0');
  }

  /** At the end of a header, or as a part of the multipart that is open. */
  multipart(subtype: 'mixed' | 'alternative', write: () => void): void {
    const outer = this.#boundary;
    if (!this.#isInHeader) this.#line(`--${outer}`);
    const own = `part-${(this.#boundaries += 1)}-of-message`;
    this.#boundary = own;
    this.#line(`Content-Type: multipart/${subtype}; boundary="${own}"`);
    this.#line('');
    this.#isInHeader = false;
    write();
    this.#line(`--${own}--`);
    this.#boundary = outer;
  }

  /** Content type as it is to stand in the field. A part with a name is an attachment. */
  part(contentType: string, fileName: string | null, content: Buffer): void {
    this.#line(`--${this.#boundary}`);
    this.#line(`Content-Type: ${contentType}`);
    if (fileName !== null) {
      const name = encodeURIComponent(fileName.slice(0, LONGEST_TEXT).toWellFormed()).replaceAll("'", '%27');
      this.#line(`Content-Disposition: attachment; filename*=utf-8''${name}`);
    }
    this.#line('Content-Transfer-Encoding: base64');
    this.#line('');
    this.#line(content.toString('base64'));
  }

  /** A message within the message. */
  nested(write: () => void): void {
    this.#line(`--${this.#boundary}`);
    this.#line('Content-Type: message/rfc822');
    this.#line('');
    const outer = this.#boundary;
    this.#isInHeader = true;
    write();
    this.#boundary = outer;
  }

  #line(text: string): void {
    this.#parts.push(Buffer.from(`${text}\r\n`, 'latin1'));
  }
}

function encodedWords(text: string): readonly string[] {
  const characters = Array.from(text.slice(0, LONGEST_TEXT).toWellFormed());
  const words: string[] = [];
  for (let at = 0; at < characters.length; at += WORD_CHARACTERS) {
    const word = characters.slice(at, at + WORD_CHARACTERS).join('');
    words.push(`=?utf-8?B?${Buffer.from(word).toString('base64')}?=`);
  }
  return words;
}
