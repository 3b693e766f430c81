/** `npm run keys`: makes, shows and revokes API keys. */
import { readConfig, type Config } from '../config.ts';
import { parseKeysArguments, type KeysCommand } from './arguments.ts';
import type { KeyShape } from './client.ts';
import { explainAnything } from './failures.ts';
import { openKeyDesk, type KeyDesk } from './key-desk.ts';
import { displayWidth, padded, printable } from './plain-text.ts';
import { createTerminal, type Terminal } from './terminal.ts';

export interface KeysSurroundings {
  readonly terminal: Pick<Terminal, 'out' | 'err'>;
  readonly readConfig: () => Config;
  readonly openKeyDesk: (config: Config) => Promise<KeyDesk>;
}

/** Resolves with the exit code. A new key goes to standard output alone, so that a script can take it. */
export async function manageKeys(argv: readonly string[], surroundings: KeysSurroundings): Promise<number> {
  const { out, err } = surroundings.terminal;
  const parsed = parseKeysArguments(argv);
  if (parsed.kind === 'help') {
    out(parsed.text);
    return 0;
  }
  if (parsed.kind === 'fault') {
    err(parsed.sentence);
    return 2;
  }
  try {
    const desk = await surroundings.openKeyDesk(surroundings.readConfig());
    try {
      await perform(parsed.command, desk, surroundings.terminal);
    } finally {
      await desk.close();
    }
    return 0;
  } catch (error) {
    const { message, hint } = explainAnything(error);
    err(message);
    if (hint !== '') err(hint);
    return 1;
  }
}

async function perform(
  command: KeysCommand,
  desk: KeyDesk,
  { out, err }: KeysSurroundings['terminal'],
): Promise<void> {
  switch (command.action) {
    case 'create': {
      const { key_id, key } = await desk.createKey(command);
      err(
        `The key ${key_id} of ${printable(command.tenant)} may ${command.scopes.join(', ')}. It is shown this once:`,
      );
      out(key);
      return;
    }
    case 'list':
      for (const line of renderKeys(await desk.listKeys())) out(line);
      return;
    case 'revoke':
      await desk.revokeKey(command.keyId);
      out(`The key ${command.keyId} is revoked; within a minute nothing accepts it any more.`);
  }
}

const HEADINGS = ['Key id', 'Name', 'Tenant', 'Scopes', 'Created', 'Last used', 'Revoked'];

/** The keys as a table; times are shown to the minute, in UTC. */
export function renderKeys(keys: readonly KeyShape[]): readonly string[] {
  const rows = keys.map((key) => [
    key.key_id,
    printable(key.name),
    printable(key.tenant),
    key.scopes.join(','),
    minuteOf(key.created_at),
    minuteOf(key.last_used_at),
    minuteOf(key.revoked_at),
  ]);
  const table = [HEADINGS, ...rows];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...table.map((row) => displayWidth(row[column] ?? ''))),
  );
  return table.map((row) =>
    row
      .map((cell, column) => padded(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function minuteOf(time: string | null): string {
  return time === null ? '-' : time.slice(0, 16).replace('T', ' ');
}

if (import.meta.main) {
  process.exitCode = await manageKeys(process.argv.slice(2), {
    terminal: createTerminal(process.stdout, process.stderr),
    readConfig,
    openKeyDesk,
  });
}
