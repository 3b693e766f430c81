import type { Extraction } from '../../../backbone/content/model.ts';
import { parse } from '../../../backbone/content/document/document-parser.ts';
import { parsed } from '../document/parsed.ts';

/** A message with CRLF line ends; `content` is the header of the body and the body. */
export function mail(content: string, header = 'From: Ada <ada@example.org>\nSubject: Tides'): string {
  return `${header}\nMIME-Version: 1.0\n${content}`.replaceAll(/\r?\n/g, '\r\n');
}

export function part(type: string, body: string, more = ''): string {
  return `Content-Type: ${type}\n${more}\n${body}`;
}

export function multipart(subtype: string, parts: readonly string[], boundary = 'edge'): string {
  const inner = parts.map((text) => `--${boundary}\n${text}\n`).join('');
  return `Content-Type: multipart/${subtype}; boundary="${boundary}"\n\nNot shown.\n${inner}--${boundary}--\nNor this.`;
}

export function readMail(
  message: string | Uint8Array,
  options: Record<string, number> = {},
): Promise<Extraction> {
  return parsed(parse, message, { mediaType: 'message/rfc822', options });
}

/** The text below the header paragraph. */
export async function bodyOf(message: string | Uint8Array): Promise<readonly string[]> {
  const { blocks } = await readMail(message);
  return blocks.slice(1).map(({ kind, text }) => `${kind}: ${text}`);
}
