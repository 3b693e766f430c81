/** What a part of a message is to the reader. Pure. */
import type { MimeEntity } from './mime-entity.ts';

export type PartRole = 'multipart' | 'message' | 'plain' | 'html' | 'calendar' | 'verbatim' | 'attachment';

const MESSAGES = new Set(['message/rfc822', 'message/global']);
const PLAIN = new Set(['text/plain', 'text/markdown', 'text/x-markdown']);
/** Texts that mail programs show, though their line ends count. */
const REPORTS = new Set([
  'message/delivery-status',
  'message/disposition-notification',
  'message/feedback-report',
]);
/** Markup that nothing here reads. */
const UNREAD_TEXTS = new Set(['text/rtf', 'text/richtext', 'text/enriched', 'text/vcard', 'text/x-vcard']);
const SIGNATURES = new Set([
  'application/pgp-signature',
  'application/pkcs7-signature',
  'application/x-pkcs7-signature',
]);
const CMS = new Set(['application/pkcs7-mime', 'application/x-pkcs7-mime']);

export function roleOf({ mediaType, isAttachment }: MimeEntity): PartRole {
  if (mediaType.startsWith('multipart/')) return 'multipart';
  // A forwarded message is an attachment to mail programs, but it can be read.
  if (MESSAGES.has(mediaType)) return 'message';
  if (isAttachment || UNREAD_TEXTS.has(mediaType)) return 'attachment';
  if (PLAIN.has(mediaType)) return 'plain';
  if (mediaType === 'text/html' || mediaType === 'application/xhtml+xml') return 'html';
  if (mediaType === 'text/calendar') return 'calendar';
  return mediaType.startsWith('text/') || REPORTS.has(mediaType) ? 'verbatim' : 'attachment';
}

/** S/MIME (RFC 8551) and PGP/MIME (RFC 3156). Signed messages in the clear are none. */
export function isEncrypted({ mediaType, parameters }: MimeEntity): boolean {
  if (mediaType === 'multipart/encrypted') return true;
  const kind = parameters.get('smime-type')?.toLowerCase() ?? 'enveloped-data';
  return CMS.has(mediaType) && kind.endsWith('enveloped-data');
}

/** Files that mail programs add by themselves to prove who wrote a message. */
export function isSignature({ mediaType }: MimeEntity): boolean {
  return SIGNATURES.has(mediaType);
}
