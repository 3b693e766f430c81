/** E-mail messages (EML and MSG): header, text and a list of the attachments. */
import { AppError } from '../../errors.ts';
import type { Block, Extraction } from '../model.ts';
import type { Parser } from '../parsing/parser.ts';
import { textLimitOf } from '../parsing/text-limit.ts';
import { attachmentBlocks } from './mail/attachments.ts';
import { messageBytes } from './mail/message-bytes.ts';
import { headerBlock, mailFacts, mailMetadata } from './mail/mail-header.ts';
import { readMail, type MailContent } from './mail/mail-reader.ts';

/** Errors: `source_too_large`, `mail_encrypted`, `no_text`, `file_damaged` (MSG), `file_unsafe` (HTML that is a bomb). */
export const parse: Parser = (input, events) =>
  new Promise((resolve) => {
    const extraction = extractionOf(readMail(messageBytes(input), textLimitOf(input)));
    events.progress(1, 1);
    resolve(extraction);
  });

function extractionOf(mail: MailContent): Extraction {
  const { fields } = mail.entity;
  if (mail.blocks.length === 0) {
    if (mail.hasEncrypted) throw new AppError('mail_encrypted');
    if (mail.attachments.length === 0) throw new AppError('no_text');
  }
  const header = headerBlock(fields);
  const blocks: readonly Block[] = [
    ...(header === null ? [] : [header]),
    ...mail.blocks,
    ...attachmentBlocks(mail.attachments, { level: 2, headingPath: [] }),
  ];
  return {
    blocks,
    metadata: mailMetadata(fields),
    typeMetadata: {
      ...mailFacts(fields),
      charset: mail.charset,
      attachments: mail.attachments.map((file) => ({ ...file })),
    },
    links: mail.links,
    pageCount: null,
    warnings: mail.warnings,
  };
}
