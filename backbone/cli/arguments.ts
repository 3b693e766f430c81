import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { HIGHEST_PRIORITY, LOWEST_PRIORITY } from '../pipeline/lanes.ts';

/** What a person typed, understood. Pure. */
export type Parsed<T> =
  | { readonly kind: 'run'; readonly command: T }
  | { readonly kind: 'help'; readonly text: string }
  /** One sentence that says what is wrong. */
  | { readonly kind: 'fault'; readonly sentence: string };

export interface IngestCommand {
  /** Addresses and files, as typed; empty for the bundled samples. */
  readonly sources: readonly string[];
  readonly json: boolean;
  readonly priority: number | null;
  readonly contentType: string | null;
  readonly force: boolean;
  readonly metadata: Readonly<Record<string, string>>;
}

export type KeysCommand =
  | {
      readonly action: 'create';
      readonly name: string;
      readonly scopes: readonly KeyScope[];
      readonly tenant: string;
    }
  | { readonly action: 'list' }
  | { readonly action: 'revoke'; readonly keyId: string };

/** Mirrors the scopes that the API knows. */
export type KeyScope = 'read' | 'write' | 'admin';
const KEY_SCOPES: readonly KeyScope[] = ['read', 'write', 'admin'];

export const INGEST_HELP = `Usage: npm run ingest -- [options] <url-or-file>...

Ingests pages, documents, books, recordings and papers and shows how far each one is. Without a url or file it ingests the bundled
samples and then searches them.

  --priority N          1 (first) to 10 (last); 5 when left out
  --type T              content type, such as webpage or document; detected when left out
  --force               process again even if nothing has changed
  --metadata key=value  kept with the content; may be repeated
  --json                print one JSON object and nothing else (with npm run -s)
  --help                show this

A backbone that is running on the data folder (DATA_DIR) is used; else one is started for as long as it takes.`;

export const KEYS_HELP = `Usage: npm run keys -- create --name NAME [--scopes read,write] [--tenant TENANT]
       npm run keys -- list
       npm run keys -- revoke KEY_ID

Makes, shows and revokes API keys. The scopes are read, write and admin; read,write when left out. What one
tenant stores, no other tenant sees; the tenant is "default" when left out. A key is shown once, when it is made.`;

export const REEMBED_HELP = `Usage: npm run reembed

Makes the stored vectors anew with the model of EMBEDDER_URL, shows how far that is and ends when it is done. It can
be stopped at any time and goes on where it was. A backbone that runs does the same by itself; then this shows its
progress. Search works all the time.`;

const INGEST_OPTIONS = {
  json: { type: 'boolean' },
  priority: { type: 'string' },
  type: { type: 'string' },
  force: { type: 'boolean' },
  metadata: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

const KEYS_OPTIONS = {
  name: { type: 'string' },
  scopes: { type: 'string' },
  tenant: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

export function parseIngestArguments(argv: readonly string[]): Parsed<IngestCommand> {
  return understand(INGEST_HELP, () => {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: INGEST_OPTIONS,
      allowPositionals: true,
    });
    if (values.help === true) return null;
    return {
      sources: positionals,
      json: values.json ?? false,
      priority: values.priority === undefined ? null : priorityOf(values.priority),
      contentType: values.type ?? null,
      force: values.force ?? false,
      metadata: metadataOf(values.metadata ?? []),
    };
  });
}

export function parseKeysArguments(argv: readonly string[]): Parsed<KeysCommand> {
  return understand(KEYS_HELP, () => {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: KEYS_OPTIONS,
      allowPositionals: true,
    });
    if (values.help === true) return null;
    const [action, ...rest] = positionals;
    if (action === 'create' && rest.length === 0) {
      if (values.name === undefined || values.name.trim() === '') fault('Give the key a name: --name NAME.');
      const scopes = scopesOf(values.scopes ?? 'read,write');
      return { action, name: values.name, scopes, tenant: tenantOf(values.tenant ?? 'default') };
    }
    const [stray] = Object.keys(values);
    if (stray !== undefined && (action === 'list' || action === 'revoke'))
      fault(`The option --${stray} belongs to create.`);
    if (action === 'list' && rest.length === 0) return { action };
    const [keyId] = rest;
    if (action === 'revoke' && keyId !== undefined && rest.length === 1) return { action, keyId };
    return fault('Say one of: create --name NAME, list, revoke KEY_ID (--help shows all).');
  });
}

/** Something typed that cannot be meant. */
class Fault extends Error {}

function fault(sentence: string): never {
  throw new Fault(sentence);
}

function understand<T>(help: string, read: () => T | null): Parsed<T> {
  try {
    const command = read();
    return command === null ? { kind: 'help', text: help } : { kind: 'run', command };
  } catch (error) {
    const { message, code } = error as Error & { readonly code?: string };
    if (error instanceof Fault) return { kind: 'fault', sentence: message };
    // What parseArgs throws has several sentences, the first of which says it all.
    if (code?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
    const [sentence = message] = message.split(/\. |\n/, 1);
    return { kind: 'fault', sentence: `${sentence.replace(/\.$/, '')} (--help shows what there is).` };
  }
}

function priorityOf(text: string): number {
  const priority = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  if (priority >= HIGHEST_PRIORITY && priority <= LOWEST_PRIORITY) return priority;
  return fault(`--priority takes a number from ${HIGHEST_PRIORITY} to ${LOWEST_PRIORITY}, not "${text}".`);
}

function metadataOf(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) fault(`--metadata takes key=value, not "${pair}".`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** The rule of the API, for keys that are made without it. */
function tenantOf(text: string): string {
  if (/^[a-z0-9][a-z0-9_-]{0,62}$/.test(text)) return text;
  return fault('--tenant takes up to 63 lower-case letters, digits, - and _.');
}

function scopesOf(text: string): readonly KeyScope[] {
  const names = text.split(',').map((name) => name.trim());
  const scopes = KEY_SCOPES.filter((scope) => names.includes(scope));
  const wrong = names.find((name) => !KEY_SCOPES.some((scope) => scope === name));
  if (wrong !== undefined) fault(`There is no scope "${wrong}": use ${KEY_SCOPES.join(', ')}.`);
  return scopes;
}
