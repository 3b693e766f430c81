/** A program in place of LibreOffice: a script of the shell that knows the arguments it is called with. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface FakeOffice {
  readonly folder: string;
  readonly program: string;
  remove(): Promise<void>;
}

/** In the script `$to`, `$out` and `$file` are as given, `$all` is the whole command line, and `$here` is the folder. */
export async function fakeOffice(
  script: string,
  files: Readonly<Record<string, Uint8Array>> = {},
): Promise<FakeOffice> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fake-office-'));
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
  const program = path.join(folder, 'soffice');
  const head = `#!/bin/sh
here='${folder}'
all="$*"
while [ $# -gt 1 ]; do
  case "$1" in
    --convert-to) to=$2 ;;
    --outdir) out=$2 ;;
  esac
  shift
done
file=$1
`;
  await writeFile(program, head + script);
  await chmod(program, 0o755);
  return { folder, program, remove: () => rm(folder, { recursive: true, force: true }) };
}
