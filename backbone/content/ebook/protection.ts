/** Tells books that only a shop's own program can open from those with obfuscated fonts, which harm nobody. */
import { AppError } from '../../errors.ts';
import type { XmlElement } from '../parsing/xml.ts';
import type { BookFiles } from './book-files.ts';
import { attribute, childOf, childrenOf, rootOf } from './xml-names.ts';

/** EPUB 3.3, section 4.4, and the older method of Adobe. */
const FONT_OBFUSCATION: ReadonlySet<string> = new Set([
  'http://www.idpf.org/2008/embedding',
  'http://ns.adobe.com/pdf/enc#RC',
]);
const FONT_FILE = /\.(?:otf|ttf|ttc|woff2?|pfb|dfont)$/i;

/** Errors: `encrypted_drm`, `file_unsafe`. */
export async function refuseProtected(files: BookFiles): Promise<void> {
  const encryption = rootOf(await files.read('META-INF/encryption.xml'));
  const locked = childrenOf(encryption, 'EncryptedData').some((data) => !isFont(data));
  if (locked || files.find('META-INF/rights.xml') !== null) throw new AppError('encrypted_drm');
}

function isFont(data: XmlElement): boolean {
  const method = attribute(childOf(data, 'EncryptionMethod'), 'Algorithm');
  const target = attribute(childOf(childOf(data, 'CipherData'), 'CipherReference'), 'URI');
  return FONT_OBFUSCATION.has(method) || FONT_FILE.test(target);
}
