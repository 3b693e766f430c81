/**
 * Measures transcription by a real Whisper (tiny.en) through the whole backbone: word error rates of sample recordings, and of
 * the bundled ones, whose words were spoken by a program. Silence must give no words. Without Python 3 the program says so.
 * `node test/samples/transcription.ts`
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ended, startBackbone, submit, type TestBackbone } from '../support/backbone.ts';
import { clientOf } from '../support/client.ts';
import { wordErrorRate } from '../support/word-error-rate.ts';
import { startWhisper, type WhisperServer } from '../services/whisper.ts';

interface Recording {
  readonly file: string;
  /** What is said; null: nobody knows. */
  readonly words: string;
  /** Highest word error rate; null: only printed. */
  readonly most: number | null;
}

interface Gold {
  readonly transcript?: string;
}

const audio = path.join(
  process.env['SAMPLES_DIR'] ?? path.join(import.meta.dirname, '../../../shared/samples'),
  'audio',
);
const bundled = path.join(import.meta.dirname, '../../backbone/samples');
/** Of the JFK clip; the voice of a program is harder. */
const GOALS: Readonly<Record<string, number>> = { 'jfk.mp3': 0.15, 'jfk.wav': 0.15 };
const print = (line: string): boolean => process.stdout.write(`${line}\n`);

const whisper = await startWhisper(print).catch((error: unknown) => {
  print(`transcription: not measured, since Whisper could not be started: ${String(error)}`);
  return null;
});
if (whisper !== null) {
  try {
    await measure(whisper);
  } finally {
    await whisper.stop();
  }
}

async function measure(server: WhisperServer): Promise<void> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'transcription-'));
  const backbone = await startBackbone({ dataDir, env: { TRANSCRIBER_URL: server.url } });
  try {
    for (const recording of [...(await bundledRecordings(backbone)), ...sampleRecordings()])
      if (!(await isHeard(backbone, recording))) process.exitCode = 1;
  } finally {
    await backbone.remove();
  }
}

function sampleRecordings(): readonly Recording[] {
  if (!existsSync(audio)) return [];
  const gold = JSON.parse(readFileSync(path.join(audio, 'gold.json'), 'utf8')) as Readonly<
    Record<string, Gold>
  >;
  return Object.entries(gold).flatMap(([name, { transcript }]) =>
    transcript === undefined
      ? []
      : [{ file: path.join(audio, name), words: transcript, most: GOALS[name] ?? null }],
  );
}

/** Their words are those of the transcript in their tags, which is not used when they are heard. */
async function bundledRecordings(backbone: TestBackbone): Promise<readonly Recording[]> {
  const recordings: Recording[] = [];
  for (const name of ['episode.mp3', 'film.mp4']) {
    const file = path.join(bundled, name);
    recordings.push({ file, words: (await wordsOf(backbone, file, 'never')) ?? '', most: null });
  }
  return recordings;
}

async function isHeard(backbone: TestBackbone, { file, words, most }: Recording): Promise<boolean> {
  const began = performance.now();
  const heard = await wordsOf(backbone, file, 'always');
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const name = path.basename(file);
  if (words === '') {
    print(
      `transcription: ${name}: ${heard === null ? 'no words, as there are none' : `words where none are: ${heard}`}`,
    );
    return heard === null;
  }
  const rate = wordErrorRate(words, heard ?? '');
  print(
    `transcription: ${name}: word error rate ${rate.toFixed(3)}${most === null ? '' : ` (goal ${most})`}, ${seconds} s`,
  );
  return most === null || rate <= most;
}

/** Null when the job says that nobody speaks. */
async function wordsOf(
  backbone: TestBackbone,
  file: string,
  transcribe: 'always' | 'never',
): Promise<string | null> {
  const stored = await fetch(`${backbone.url}/api/content/uploads?file_name=${path.basename(file)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${backbone.key}` },
    body: readFileSync(file),
  });
  const { upload_id: uploadId } = (await stored.json()) as { readonly upload_id: string };
  const { jobId } = await submit(backbone.services, { uploadId, options: { transcribe }, ifExists: 'force' });
  const { job } = await ended(backbone.services, jobId);
  if (job.error_code === 'no_speech') return null;
  if (job.status !== 'completed') throw new Error(`${file}: ${job.error_message ?? job.status}`);
  const { body } = await clientOf(backbone).get(
    `/content/${job.content_type}/${job.content_id}?include=transcript`,
  );
  const cues = body['transcript'] as readonly { readonly text: string }[];
  return cues.map(({ text }) => text).join(' ');
}
