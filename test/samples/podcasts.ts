/**
 * Measures the readers of audio tags and of transcripts on samples: duration, title and chapters as a media prober
 * gives them, and the cues of one transcript in each format. The samples are not part of the project; without them
 * the program says so. `node test/samples/podcasts.ts`
 */
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { readAudioTags } from '../../backbone/content/podcast/audio-tags.ts';
import { detectMediaType } from '../../backbone/content/parsing/media-type.ts';
import { readAnyTranscript, readChapters } from '../../backbone/content/transcripts/companion-files.ts';

interface Expected {
  readonly durationSeconds?: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly chapters?: readonly { readonly start: number; readonly title: string }[];
}

const samples = process.env['SAMPLES_DIR'] ?? join(import.meta.dirname, '../../../shared/samples');
const audio = join(samples, 'audio');
const namespace = join(samples, 'feeds/podcast/namespace');
/** In seconds. */
const TOLERANCE = 0.1;
/** Of one sample, 0.3 seconds of MPEG 2.5, the library tells no duration. */
const WANTED_SHARE = 0.98;
const print = (line: string): boolean => process.stdout.write(`${line}\n`);

if (existsSync(audio)) await measureAudio();
else print(`podcasts: no samples at ${audio}, nothing measured`);
if (existsSync(namespace)) measureTranscripts();
else print(`podcasts: no samples at ${namespace}, nothing measured`);

async function measureAudio(): Promise<void> {
  const gold = JSON.parse(readFileSync(join(audio, 'gold.json'), 'utf8')) as Record<string, Expected>;
  const faults: string[] = [];
  let facts = 0;
  for (const [name, { durationSeconds, tags = {}, chapters = [] }] of Object.entries(gold)) {
    if (durationSeconds === undefined || !existsSync(join(audio, name))) continue;
    const bytes = readFileSync(join(audio, name));
    const { mediaType } = await detectMediaType(bytes, { declared: null, fileName: name });
    const read = await readAudioTags(bytes, mediaType);
    const checks: readonly (readonly [string, boolean])[] = [
      ['duration', Math.abs((read.durationSeconds ?? 0) - durationSeconds) <= TOLERANCE],
      ['title', (read.title ?? undefined) === tags['title']],
      ['artist', read.artists[0] === tags['artist']],
      ['show', (read.show ?? undefined) === tags['album']],
      [
        'chapters',
        JSON.stringify(read.chapters.map(({ title, startSeconds }) => [title, startSeconds])) ===
          JSON.stringify(chapters.map(({ title, start }) => [title, start])),
      ],
    ];
    facts += checks.length;
    for (const [fact, isMet] of checks) if (!isMet) faults.push(`${name}: ${fact}`);
  }
  print(`podcasts: ${facts - faults.length} of ${facts} facts of audio files ${faults.join(', ')}`);
  if (1 - faults.length / facts < WANTED_SHARE) process.exitCode = 1;
}

function measureTranscripts(): void {
  for (const name of ['example.vtt', 'example.srt', 'example.json', 'example.html']) {
    const text = readFileSync(join(namespace, 'transcripts', name), 'utf8');
    const { cues } = readAnyTranscript(text);
    const wanted = cuesIn(text, extname(name));
    const speakers = [...new Set(cues.map(({ speaker }) => speaker ?? 'nobody'))];
    print(`podcasts: ${name} ${cues.length} of ${wanted} cues, ${speakers.join(', ')}`);
    if (cues.length !== wanted) process.exitCode = 1;
  }
  const chapters = readChapters(readFileSync(join(namespace, 'chapters/example.json'), 'utf8'));
  print(`podcasts: ${chapters.length} chapters of example.json`);
}

/** Counted by their plainest mark. */
function cuesIn(text: string, extension: string): number {
  const marks: Readonly<Record<string, RegExp>> = { '.json': /"body"/g, '.html': /<p>/g };
  return [...text.matchAll(marks[extension] ?? /-->/g)].length;
}
