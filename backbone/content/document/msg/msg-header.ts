/** The header of an Outlook message as fields. Pure. */
import type { Storage } from '../ole/compound-file.ts';
import { MessageProperties, PROPERTY_HEADERS } from './message-properties.ts';
import type { Field } from './mime-writer.ts';

const MOST_RECIPIENTS = 1000;
const LONGEST_IDS = 10_000;
const ADDRESS = /^[^\s<>()",;:\\]{1,200}@[^\s<>()",;:\\@]{1,200}$/;
const RECIPIENT_FIELDS: Readonly<Record<number, string>> = { 1: 'To', 2: 'Cc' };

/** Sender, recipients, time, subject and ids; what is not there is left out. */
export function messageFields(properties: MessageProperties, storage: Storage): readonly Field[] {
  const time = properties.time(0x0039) ?? properties.time(0x0e06);
  const fields: (Field | null)[] = [
    senderOf(properties),
    ...recipientsOf(properties, storage),
    time === null ? null : { name: 'Date', parts: [{ text: time.toUTCString(), isPlain: true }] },
    textField('Subject', properties.text(0x0037)),
    idsField('Message-ID', properties.text(0x1035)),
    idsField('In-Reply-To', properties.text(0x1042)),
    idsField('References', properties.text(0x1039)),
  ];
  return fields.filter((field) => field !== null);
}

function senderOf(properties: MessageProperties): Field | null {
  const name = properties.text(0x0042) ?? properties.text(0x0c1a);
  const addresses = [0x5d02, 0x5d01, 0x0065, 0x0c1f].map((id) => properties.text(id));
  return mailboxField('From', [{ name, address: addressIn(addresses) }]);
}

function recipientsOf(properties: MessageProperties, storage: Storage): readonly (Field | null)[] {
  const found: Record<string, Person[]> = { To: [], Cc: [] };
  const names = storage.storageNames.filter((name) => name.startsWith('__recip_version1.0_#'));
  for (const name of names.slice(0, MOST_RECIPIENTS)) {
    const part = storage.storage(name);
    if (part === null) continue;
    const recipient = new MessageProperties(part, PROPERTY_HEADERS.part, properties.codePage);
    const address = addressIn([recipient.text(0x39fe), recipient.text(0x3003)]);
    const field = RECIPIENT_FIELDS[recipient.integer(0x0c15) ?? 1];
    if (field !== undefined) found[field]?.push({ name: recipient.text(0x3001), address });
  }
  return Object.entries(found).map(([field, people]) => mailboxField(field, people));
}

interface Person {
  readonly name: string | null;
  readonly address: string | null;
}

function mailboxField(field: string, people: readonly Person[]): Field | null {
  const known = people.filter(({ name, address }) => name !== null || address !== null);
  const parts = known.flatMap(({ name, address }, index) => [
    ...(index === 0 ? [] : [{ text: ',', isPlain: true }]),
    ...(name === null || name === address ? [] : [{ text: name, isPlain: false }]),
    ...(address === null ? [] : [{ text: `<${address}>`, isPlain: true }]),
  ]);
  return parts.length === 0 ? null : { name: field, parts };
}

/** Addresses within an Exchange server are no addresses to others. */
function addressIn(candidates: readonly (string | null)[]): string | null {
  const isAddress = (text: string | null): text is string => text !== null && ADDRESS.test(text);
  const found = candidates.find(isAddress);
  // Fields of a header are ASCII.
  return found !== undefined && /^[\x21-\x7e]+$/.test(found) ? found : null;
}

function textField(name: string, text: string | null): Field | null {
  return text === null ? null : { name, parts: [{ text, isPlain: false }] };
}

function idsField(name: string, text: string | null): Field | null {
  const ids = [...(text ?? '').slice(0, LONGEST_IDS).matchAll(/<[\x21-\x3b\x3d\x3f-\x7e]{1,500}>/g)];
  return ids.length === 0 ? null : { name, parts: ids.map(([id]) => ({ text: id, isPlain: true })) };
}
