/** What people see of a message's header, as text and as metadata. Pure. */
import { NO_METADATA, type Block, type ContentMetadata, type JsonObject, type Sourced } from '../../model.ts';
import { mailboxText, parseAddresses, type Mailbox } from './addresses.ts';
import type { HeaderFields } from './header-fields.ts';
import { mailDate } from './mail-date.ts';

const SOURCE = 'mail-header';
/** Names listed in the text; a list of thousands of recipients says nothing. */
const MOST_SHOWN = 50;
const MOST_REFERENCES = 100;
const LONGEST_SUBJECT = 1000;
const PEOPLE: readonly (readonly [label: string, field: string])[] = [
  ['From', 'from'],
  ['To', 'to'],
  ['Cc', 'cc'],
];

export function subjectOf(fields: HeaderFields): string | null {
  return fields.text('subject')?.slice(0, LONGEST_SUBJECT).toWellFormed() ?? null;
}

/** One paragraph: From, To, Cc, Date and Subject, a line each; null when there is none of them. */
export function headerBlock(fields: HeaderFields): Block | null {
  const lines = PEOPLE.map(([label, field]) => line(label, peopleText(parseAddresses(fields.raw(field)))));
  lines.push(
    line('Date', fields.text('date')?.slice(0, 100) ?? ''),
    line('Subject', subjectOf(fields) ?? ''),
  );
  const text = lines.filter((shown) => shown !== '').join('\n');
  return text === '' ? null : { kind: 'paragraph', text, locator: {} };
}

export function mailMetadata(fields: HeaderFields): ContentMetadata {
  const senders = parseAddresses(fields.raw('from')).slice(0, MOST_SHOWN);
  const authors = senders.map(({ name, address }) => name ?? address);
  return {
    ...NO_METADATA,
    title: sourced(subjectOf(fields)),
    authors: sourced(authors.length === 0 ? null : authors),
    language: sourced(languageOf(fields)),
    publishedAt: sourced(mailDate(fields.raw('date'))),
  };
}

/** Ids without their angle brackets. */
export function mailFacts(fields: HeaderFields): JsonObject {
  const texts = (field: string): readonly string[] =>
    parseAddresses(fields.raw(field)).slice(0, MOST_SHOWN).map(mailboxText);
  return {
    messageId: idsIn(fields.raw('message-id'))[0] ?? null,
    inReplyTo: idsIn(fields.raw('in-reply-to'))[0] ?? null,
    references: idsIn(fields.raw('references')),
    from: texts('from'),
    to: texts('to'),
    cc: texts('cc'),
    replyTo: texts('reply-to'),
  };
}

function peopleText(people: readonly Mailbox[]): string {
  const shown = people.slice(0, MOST_SHOWN).map(mailboxText).join(', ');
  const more = people.length - MOST_SHOWN;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function line(label: string, text: string): string {
  return text === '' ? '' : `${label}: ${text}`;
}

function idsIn(field: string): readonly string[] {
  const ids: string[] = [];
  for (const [, id = ''] of field.matchAll(/<([^<>\s]{1,500})>/g)) {
    if (ids.length >= MOST_REFERENCES) break;
    ids.push(id);
  }
  return ids;
}

function languageOf(fields: HeaderFields): string | null {
  return /^[a-z]{2,3}(?:-[a-z\d]{2,8}){0,3}$/i.exec(fields.raw('content-language').trim())?.[0] ?? null;
}

function sourced<T>(value: T | null): Sourced<T> | null {
  return value === null ? null : { value, source: SOURCE };
}
