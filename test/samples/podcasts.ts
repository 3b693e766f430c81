/**
 * Measures the readers of audio tags and of transcripts on samples: duration, title and chapters as a media prober
 * gives them, and the cues of one transcript in each format, compared exactly with what a plain reader finds. The
 * samples are not part of the project; without them the program says so. `node test/samples/podcasts.ts`
 */
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { readAudioTags } from '../../backbone/content/podcast/audio-tags.ts';
import { detectMediaType } from '../../backbone/content/parsing/media-type.ts';
import { readAnyTranscript, readChapters } from '../../backbone/content/transcripts/companion-files.ts';
import type { Cue } from '../../backbone/content/transcripts/transcript.ts';

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
/** Of one sample, two frames of MPEG 2.5, the library tells no duration; the prober counts its ID3v1 tag as sound. */
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
  const share = 1 - faults.length / facts;
  print(
    `podcasts: ${facts - faults.length} of ${facts} facts of audio files exact (${share.toFixed(3)}) ${faults.join(', ')}`,
  );
  if (share < WANTED_SHARE) process.exitCode = 1;
}

/** Each cue's text, times and speaker as a plain reader of its format finds them, compared exactly. */
function measureTranscripts(): void {
  let [exact, all] = [0, 0];
  for (const name of ['example.vtt', 'example.srt', 'example.json', 'example.html']) {
    const text = readFileSync(join(namespace, 'transcripts', name), 'utf8');
    const { cues } = readAnyTranscript(text);
    const wanted = plainCues(text, extname(name));
    const met = wanted.filter((cue, at) => JSON.stringify(cue) === JSON.stringify(plainCue(cues[at]))).length;
    const most = Math.max(wanted.length, cues.length);
    print(`podcasts: ${name} ${met} of ${most} cues exact`);
    exact += met;
    all += most;
  }
  for (const name of ['example.json', 'exampleComplex.json']) {
    const text = readFileSync(join(namespace, 'chapters', name), 'utf8');
    const chapters = readChapters(text);
    const listed = (JSON.parse(text) as { readonly chapters: readonly ListedChapter[] }).chapters;
    const wanted = listed.filter(({ toc }) => toc !== false);
    const met = wanted.filter(
      ({ title, startTime }, at) =>
        JSON.stringify(chapters[at]) === JSON.stringify({ title, startSeconds: Number(startTime) }),
    ).length;
    const most = Math.max(wanted.length, chapters.length);
    print(`podcasts: ${name} ${met} of ${most} chapters exact`);
    exact += met;
    all += most;
  }
  print(`podcasts: share of cues and chapters that is exact ${(exact / all).toFixed(3)}`);
  if (exact !== all) process.exitCode = 1;
}

interface ListedChapter {
  readonly title: string;
  readonly startTime: number | string;
  readonly toc?: boolean;
}

/** White space as one blank; a name in front of the words stays there, as captions write it. */
type PlainCue = readonly [start: number | null, end: number | null, speaker: string | null, text: string];

function plainCue(cue: Cue | undefined): PlainCue | null {
  return cue === undefined ? null : [cue.startSeconds, cue.endSeconds, cue.speaker, oneLine(cue.text)];
}

function plainCues(text: string, extension: string): readonly PlainCue[] {
  if (extension === '.json')
    return (JSON.parse(text) as { readonly segments: readonly Segment[] }).segments.map(
      ({ startTime, endTime, speaker, body }) => [startTime, endTime, speaker, body],
    );
  if (extension === '.html') return htmlCues(text);
  let said: string | null = null;
  return text
    .split(/\r?\n\r?\n/)
    .filter((block) => block.includes('-->'))
    .map((block): PlainCue => {
      const [, start = '', end = '', words = ''] = /(\S+) --> (\S+)[^\n]*\n([\s\S]*)/.exec(block) ?? [];
      const [, voice, name, rest = ''] = /^(?:<v ([^>]+)>|([A-Z][a-z]+): )?([\s\S]*)$/.exec(words) ?? [];
      said = voice ?? name ?? said;
      return [seconds(start), seconds(end), said, oneLine(unescaped(rest))];
    });
}

function htmlCues(text: string): readonly PlainCue[] {
  const parts = [...text.matchAll(/<cite>(.*?):<\/cite>\s*<time>(.*?)<\/time>\s*<p>([\s\S]*?)<\/p>/g)];
  return parts.map(([, speaker = '', time = '', words = ''], at) => [
    seconds(time),
    // HTML names no ends: a part lasts until the next one.
    at + 1 < parts.length ? seconds(parts[at + 1]?.[2] ?? '') : null,
    speaker,
    oneLine(unescaped(words)),
  ]);
}

interface Segment {
  readonly startTime: number;
  readonly endTime: number;
  readonly speaker: string;
  readonly body: string;
}

function seconds(time: string): number {
  const total = time.split(':').reduce((sum, part) => sum * 60 + Number(part.replace(',', '.')), 0);
  return Math.round(total * 1000) / 1000;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function unescaped(text: string): string {
  return text.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
