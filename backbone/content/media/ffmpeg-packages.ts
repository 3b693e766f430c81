/** Programs that npm packages carry, for operators who add one: none comes with the backbone. */
import { createRequire } from 'node:module';
import path from 'node:path';

/** Packages and the place of the program in them; what `ffmpeg-static` carries is newer. */
const PACKAGES: readonly string[] = [
  'ffmpeg-static',
  `@ffmpeg-installer/${process.platform}-${process.arch}`,
];
const PROGRAM = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';

/** Paths of programs that may be there, in order of preference. `from` is the `file:` URL or path of the module that looks. */
export function packagedFfmpeg(from: string): readonly string[] {
  const { resolve } = createRequire(from);
  return PACKAGES.flatMap((name) => {
    try {
      return [path.join(path.dirname(resolve(`${name}/package.json`)), PROGRAM)];
    } catch {
      // Node's way to say that a package is not installed.
      return [];
    }
  });
}
