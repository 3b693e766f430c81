import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface FakeFfmpeg {
  /** What it writes out whatever it is given: a hum with a pause of half a second after every ten. */
  readonly seconds: number;
  readonly exitCode?: number;
  /** What it writes out when it is asked for a picture. */
  readonly picture?: Uint8Array;
  /** Never ends by itself. */
  readonly hangs?: boolean;
}

/** A program in place of ffmpeg that takes its arguments and gives samples, or a picture. */
export async function writeFakeFfmpeg(folder: string, options: FakeFfmpeg): Promise<string> {
  const program = path.join(folder, 'ffmpeg');
  const { seconds, exitCode = 0, hangs = false, picture = Buffer.from('no picture') } = options;
  await writeFile(
    program,
    `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs');
readFileSync(process.argv[process.argv.indexOf('-i') + 1].slice('file:'.length));
const isPicture = process.argv.includes('mjpeg');
const samples = Int16Array.from({ length: ${seconds} * 16000 }, (_, at) =>
  at % 160000 > 152000 ? 0 : Math.round(8000 * Math.sin(at / 10)) + Math.floor(at / 16000));
process.stderr.write('complaint');
process.stdout.write(isPicture ? Buffer.from('${Buffer.from(picture).toString('base64')}', 'base64') : Buffer.from(samples.buffer), () => {
  if (${hangs}) setInterval(() => undefined, 1000);
  else process.exitCode = ${exitCode};
});
`,
  );
  await chmod(program, 0o755);
  return program;
}
