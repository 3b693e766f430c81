/**
 * Measures the readers of YouTube's answers on recorded ones: title, author, length, chapters and caption tracks of videos that
 * play, the error of those that do not, and what lists hold. The samples are not part of the project; without
 * them the program says so. `node test/samples/videos.ts`
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { chaptersIn } from '../../backbone/content/video/description-chapters.ts';
import { feedList } from '../../backbone/content/video/list-feed.ts';
import { listPage } from '../../backbone/content/video/list-page.ts';
import { fetchCaptions } from '../../backbone/content/video/captions.ts';
import { readPlayerResponse } from '../../backbone/content/video/player-response.ts';
import { readTimedText } from '../../backbone/content/video/timed-text.ts';
import { readWatchPage } from '../../backbone/content/video/watch-page-provider.ts';
import type { VideoAnswer } from '../../backbone/content/video/youtube-provider.ts';
import { AppError } from '../../backbone/errors.ts';

const samples = process.env['SAMPLES_DIR'] ?? join(import.meta.dirname, '../../../shared/samples');
const folder = join(samples, 'api/youtube');
const NOW = new Date('2026-06-01T00:00:00Z');
/** Asked for where the answer is a refusal. */
const SOME_ID = 'aaaaaaaaaaa';

/** Of the recorded watch page of 2025, as a browser shows them. */
const PAGE_ID = 'GJLlxj_dtq8';
const PAGE_FACTS = ['Surface Go Review - It’s Awesome', 'Dave2D', 316];

const faults: string[] = [];
let facts = 0;

if (existsSync(folder)) await measure();
else process.stdout.write(`videos: no samples at ${folder}, nothing measured\n`);

async function measure(): Promise<void> {
  for (const name of ['regular', 'chapters']) measurePage(name);
  measureRefusals();
  await measureCaptions();
  measureAnswers();
  measureLists();
  process.stdout.write(
    `videos: ${facts - faults.length} of ${facts} facts${faults.map((fault) => `\n  ${fault}`).join('')}\n`,
  );
  if (faults.length > 0) process.exitCode = 1;
}

function same(what: string, actual: unknown, wanted: unknown): void {
  facts += 1;
  // In lists, since nothing at all has no JSON.
  const has = JSON.stringify([actual]);
  const wants = JSON.stringify([wanted]);
  if (has !== wants) faults.push(`${what}: ${has.slice(0, 200)} in place of ${wants.slice(0, 200)}`);
}

function text(path: string): string {
  const bytes = readFileSync(join(folder, path));
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

function json(path: string): unknown {
  return JSON.parse(text(path));
}

interface Expected {
  readonly videoDetails: {
    readonly videoId: string;
    readonly title: string;
    readonly lengthSeconds: string;
    readonly publishDate: string;
    readonly author: { readonly name: string };
    readonly chapters?: readonly { readonly title: string; readonly start_time: number }[];
  };
  readonly player_response: PlayerTracks;
}

interface PlayerTracks {
  readonly captions?: {
    readonly playerCaptionsTracklistRenderer: {
      readonly captionTracks: readonly {
        readonly languageCode: string;
        readonly kind?: string;
        readonly baseUrl: string;
      }[];
    };
  };
}

function tracksIn({ captions }: PlayerTracks): unknown {
  const tracks = captions?.playerCaptionsTracklistRenderer.captionTracks ?? [];
  return tracks.map(({ languageCode, kind, baseUrl }) => [languageCode, kind === 'asr', baseUrl]);
}

function tracksOf({ tracks }: VideoAnswer): unknown {
  return tracks.map(({ language, isAutomatic, url }) => [language, isAutomatic, url]);
}

function measurePage(name: string): void {
  const { videoDetails, player_response: player } = json(`ytdl-core/${name}/expected-info.json`) as Expected;
  const answer = readWatchPage(text(`ytdl-core/${name}/watch.html.gz`), videoDetails.videoId, NOW);
  const { title, author, durationSeconds, publishedAt, description } = answer.facts;
  same(`${name}: title`, title, videoDetails.title);
  same(`${name}: author`, author, videoDetails.author.name);
  same(`${name}: length`, durationSeconds, Number(videoDetails.lengthSeconds));
  same(`${name}: date`, publishedAt, videoDetails.publishDate);
  same(`${name}: tracks`, tracksOf(answer), tracksIn(player));
  const chapters = chaptersIn(description ?? '', durationSeconds);
  const wanted = videoDetails.chapters ?? [];
  same(
    `${name}: chapters`,
    chapters.map((each) => [each.title, each.startSeconds]),
    wanted.map((each) => [each.title, each.start_time]),
  );
}

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'none';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

function measureRefusals(): void {
  const refused = (path: string, code: string, read: () => unknown): void => same(path, codeOf(read), code);
  const responses: Readonly<Record<string, string>> = {
    'transcript-api/youtube_age_restricted.innertube.json': 'video_age_restricted',
    'transcript-api/youtube_request_blocked.innertube.json': 'ip_blocked',
    'transcript-api/youtube_unplayable.innertube.json': 'video_unplayable',
    'transcript-api/youtube_video_unavailable.innertube.json': 'video_removed',
    'innertube/invalidid-1.json': 'video_removed',
    'innertube/nonexistent-1.json': 'video_removed',
    'innertube/musicpremiumcontent-1.json': 'video_members_only',
    'innertube/paidcontent-1.json': 'video_members_only',
    'innertube/privatecontent-1.json': 'video_private',
    'innertube/restricted-1.json': 'video_region_limited',
  };
  for (const [path, code] of Object.entries(responses)) {
    const response = json(path) as { readonly playerResponse?: unknown };
    refused(path, code, () => readPlayerResponse(response.playerResponse ?? response, SOME_ID, NOW));
  }
  for (const [name, code] of [
    ['private', 'video_private'],
    ['non-existent', 'video_removed'],
  ] as const) {
    const parts = json(`ytdl-core/${name}/watch.json`) as readonly { readonly playerResponse?: unknown }[];
    const response = parts.find(({ playerResponse }) => playerResponse !== undefined)?.playerResponse;
    refused(`ytdl-core/${name}`, code, () => readPlayerResponse(response, SOME_ID, NOW));
  }
  const pages: Readonly<Record<string, string>> = {
    'transcript-api/youtube_too_many_requests.html': 'ip_blocked',
    'transcript-api/youtube_consent_page.html': 'page_is_cookie_wall',
    'transcript-api/youtube_consent_page_invalid.html': 'page_is_cookie_wall',
  };
  for (const [path, code] of Object.entries(pages))
    refused(path, code, () => readWatchPage(text(path), SOME_ID, NOW));
}

interface PlayerFacts extends PlayerTracks {
  readonly videoDetails: {
    readonly videoId: string;
    readonly title: string;
    readonly author: string;
    readonly lengthSeconds: string;
  };
}

function answerIn(path: string): { readonly raw: PlayerFacts; readonly answer: VideoAnswer } {
  const raw = json(path) as PlayerFacts;
  return { raw, answer: readPlayerResponse(raw, raw.videoDetails.videoId, NOW) };
}

function measureAnswers(): void {
  const names = ['youtube', 'youtube_ww1_nl_en', 'youtube_transcripts_disabled', 'youtube_po_token_required'];
  const paths = [
    ...names.map((name) => `transcript-api/${name}.innertube.json`),
    'innertube/cclicensed-3.json',
    'innertube/streamsegmentsmailab-3.json',
  ];
  for (const path of paths) {
    const { raw, answer } = answerIn(path);
    const { title, author, durationSeconds } = answer.facts;
    const wanted = raw.videoDetails;
    same(
      `${path}: facts`,
      [title, author, durationSeconds],
      [wanted.title, wanted.author, Number(wanted.lengthSeconds)],
    );
    same(`${path}: tracks`, tracksOf(answer), tracksIn(raw));
  }
  const { facts: mailab } = answerIn('innertube/streamsegmentsmailab-3.json').answer;
  same('mailab: chapters', chaptersIn(mailab.description ?? '', mailab.durationSeconds).length > 3, true);
  const page = readWatchPage(text('transcript-api/youtube.html.gz'), PAGE_ID, NOW).facts;
  same('watch page of 2025', [page.title, page.author, page.durationSeconds], PAGE_FACTS);
}

async function measureCaptions(): Promise<void> {
  const read = readTimedText(text('transcript-api/transcript.xml'), { isAutomatic: false });
  same(
    'timed text',
    read?.cues.map((cue) => [cue.text, cue.startSeconds, cue.endSeconds]),
    [
      ['Hey, this is just a test', 0, 1.54],
      ['this is not the original transcript', 1.54, 5.7],
      ['just something shorter, I made up for testing', 5.7, 8.939],
    ],
  );
  const unasked = (): Promise<never> => Promise.reject(new Error('No network is needed'));
  const { answer } = answerIn('transcript-api/youtube_po_token_required.innertube.json');
  const options = { wanted: [], signal: new AbortController().signal };
  const codes = await Promise.all(
    [answer.tracks.filter(({ url }) => url.includes('exp=xpe')), []].map((tracks) =>
      fetchCaptions({ ask: unasked, read: unasked }, tracks, options).then(
        () => 'none',
        (error: unknown) => (error instanceof AppError ? error.code : 'defect'),
      ),
    ),
  );
  same('captions that are kept back, and none', codes, ['po_token_required', 'captions_none']);
}

function measureLists(): void {
  const page = listPage(json('innertube/courseplaylist-3.json'));
  same(
    'playlist',
    [page.title, page.videos.length, page.videos[0]?.videoId, page.videos[0]?.durationSeconds],
    ['C++ Template Metaprogramming', 14, 'VBI6TSo8Zog', 1015],
  );
  const xml = text('innertube/kurzgesagt-0.xml');
  const feed = feedList(xml);
  const ids = [...xml.matchAll(/<yt:videoId>([^<]+)</g)].map(([, id]) => id);
  same(
    'channel feed',
    feed?.videos.map(({ videoId }) => videoId),
    ids,
  );
  same('channel feed: author', feed?.author, 'Kurzgesagt – In a Nutshell');
}
