import path from 'node:path';
import { z } from 'zod';
import { YOUTUBE_PROVIDERS } from './content/video/youtube-provider.ts';
import { OCR_MODES } from './content/document/ocr/ocr-settings.ts';
import { parseServices } from './content/academic-paper/services/scholar-settings.ts';
import { AppError } from './errors.ts';

const list = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  )
  .pipe(z.array(z.string()));
const count = (min: number, max: number): z.ZodType<number> => z.coerce.number().int().min(min).max(max);

/** Every setting: its default, its bounds, and the sentence that the README's table shows. */
export const CONFIG_SCHEMA = z.object({
  HOST: z.string().default('127.0.0.1').describe('Address the API listens on'),
  PORT: count(0, 65_535).default(8480).describe('Port of the API; 0 picks a free one'),
  DATA_DIR: z.string().default('./data').describe('Folder of everything that embedded mode stores'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least severe level that is logged'),
  RECORDS_URL: z.string().default('embedded:').describe('PostgreSQL'),
  GRAPH_URL: z.string().default('embedded:').describe('Graph store'),
  VECTORS_URL: z.string().default('embedded:').describe('Vector store'),
  BLOBS_URL: z.string().default('embedded:').describe('Blob store'),
  CACHE_URL: z.string().default('memory:').describe('Cache and status messages'),
  BROKER_URL: z.string().default('memory:').describe('Message broker'),
  SCHEMA_REGISTRY_URL: z.string().default('embedded:').describe('Schema registry of the messages'),
  EMBEDDER_URL: z
    .string()
    .default('use-lite:')
    .describe(
      'Embedding model: the one inside, one on this machine (`local:OWNER/NAME` or `local:/folder`), or an OpenAI-compatible service (`https://KEY@host/v1?model=NAME`)',
    ),
  EMBEDDER_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'only printable ASCII without spaces')
    .optional()
    .describe('Key of the embedding service, when it does not stand in `EMBEDDER_URL`'),
  TRANSCRIBER_URL: z
    .string()
    .default('none')
    .describe(
      'What turns speech into text: `none`, or an OpenAI-compatible service (`https://host/v1?model=NAME`, with `&language=en` where all is in one language)',
    ),
  TRANSCRIBER_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'only printable ASCII without spaces')
    .optional()
    .describe('API key of the transcription service'),
  TRANSCRIBER_UPLOAD_MB: count(1, 1024)
    .default(25)
    .describe('Largest file that the transcription service takes; longer recordings are cut at pauses'),
  TRANSCRIBER_TIMEOUT_SECONDS: count(1, 86_400)
    .default(600)
    .describe(
      'Longest time until a transcription service answers about one slice (at most five minutes of speech)',
    ),
  LLM_URL: z
    .string()
    .default('none')
    .describe(
      'Language model that writes summaries, tags and cleaner titles: `none`, or an OpenAI-compatible service (`https://host/v1?model=NAME`)',
    ),
  LLM_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'only printable ASCII without spaces')
    .optional()
    .describe('API key of the language model’s service'),
  LLM_DAILY_TOKENS: count(0, 1_000_000_000)
    .default(200_000)
    .describe(
      'Tokens that the language model may use a day (UTC), requests and answers of all tenants together',
    ),
  LLM_TIMEOUT_SECONDS: count(1, 3600)
    .default(60)
    .describe('Longest time until the language model answers about one content'),
  FFMPEG_PATH: z
    .string()
    .optional()
    .describe(
      'Program that converts recordings; without it `ffmpeg` is sought in the PATH, then in the npm packages `ffmpeg-static` and `@ffmpeg-installer/ffmpeg`',
    ),
  WORKER_CONCURRENCY: count(1, 64).default(4).describe('Stages of one content type that run at once'),
  PARSER_THREADS: count(1, 32).default(2).describe('Threads that read files'),
  PARSER_TIMEOUT_SECONDS: count(1, 3600).default(120).describe('Longest time one file may take to be read'),
  PARSER_MEMORY_MB: count(64, 16_384).default(512).describe('Memory limit of one reading thread'),
  LIBREOFFICE_PATH: z
    .string()
    .min(1)
    .default('soffice')
    .describe('LibreOffice, which old Office files (DOC, XLS, PPT) need: a path, or a name on the PATH'),
  RETRY_BASE_MS: count(1, 60_000)
    .default(1000)
    .describe('First delay of the retry ladder; each further one is 4 times as long'),
  MAX_RETRIES: count(0, 10).default(3).describe('Automatic retries of a stage'),
  LEASE_SECONDS: count(1, 600).default(30).describe('How long a silent worker keeps a stage'),
  STAGE_TIMEOUT_MINUTES: count(1, 1440).default(60).describe('Longest time one attempt of a stage may take'),
  MAX_UPLOAD_MB: count(1, 102_400).default(2048).describe('Largest upload'),
  MAX_SOURCE_MB: count(1, 102_400).default(512).describe('Largest file fetched from an address'),
  MAX_PAGE_MB: count(1, 1024).default(20).describe('Largest web page that is read'),
  MAX_DOCUMENT_MB: count(1, 4096).default(200).describe('Largest document that is read'),
  MAX_VIDEO_MB: count(1, 102_400).default(2048).describe('Largest video file that is read'),
  MAX_TEXT_MB: count(1, 1024)
    .default(32)
    .describe('Largest plain text, Markdown or table of values that is read'),
  MAX_AUDIO_MB: count(1, 102_400)
    .default(500)
    .describe('Largest recording that is fetched to be transcribed'),
  MAX_AUDIO_MINUTES: count(1, 14_400).default(480).describe('How much of a recording is transcribed'),
  MAX_PAGES: count(1, 100_000).default(5000).describe('Most pages of a document'),
  OCR: z
    .enum(OCR_MODES)
    .default('auto')
    .describe('Text recognition: `auto` (pages without usable text), `always`, `never`'),
  OCR_LANGUAGES: list
    .pipe(z.array(z.string().regex(/^[A-Za-z][A-Za-z0-9_]{1,31}$/, 'codes such as deu or chi_sim')).min(1))
    .default(['eng'])
    .describe("Languages that are recognised, by Tesseract's codes, parted by commas"),
  OCR_DATA: z
    .string()
    .optional()
    .describe('Folder with models (`deu.traineddata`) for languages other than English'),
  OCR_MAX_PAGES: count(1, 10_000).default(200).describe('Most pages of a document that are recognised'),
  OCR_PAGE_SECONDS: count(1, 3600).default(60).describe('Longest time one page may take to be recognised'),
  OCR_SECONDS: count(1, 86_400)
    .default(1800)
    .describe('Longest time all pages of a document may take to be recognised'),
  FETCH_ALLOW_PRIVATE: list
    .default([])
    .describe('Private networks that may be fetched from, such as `192.168.1.0/24`'),
  FETCH_ALLOWED_PORTS: list.default(['80', '443', '8080', '8443']).describe('Ports that may be fetched from'),
  FETCH_TIMEOUT_SECONDS: count(1, 3600).default(60).describe('Longest time a fetch may take in all'),
  FETCH_USER_AGENT: z
    .string()
    .regex(/^[\x20-\x7e]+$/, 'only printable ASCII')
    .default('ContentIngestion/0.1 (+https://github.com/content-ingestion)')
    .describe('How we introduce ourselves to sites'),
  FETCH_ROBOTS: z.enum(['ignore', 'respect']).default('ignore').describe('Whether robots.txt is asked first'),
  FETCH_PER_HOST: count(1, 64).default(2).describe('Fetches from one host at once'),
  APPLE_LOOKUP_URL: z
    .url({ protocol: /^https?$/ })
    .default('https://itunes.apple.com/lookup')
    .describe('Directory that tells the feed behind a link of Apple Podcasts'),
  FETCH_DELAY_MS: count(0, 60_000).default(200).describe('Least time between two fetches from one host'),
  YOUTUBE_PROVIDERS: list
    .pipe(z.array(z.enum(YOUTUBE_PROVIDERS)))
    .default([...YOUTUBE_PROVIDERS])
    .describe(
      'Ways in which videos of YouTube are read, first to last; one that is not named is switched off',
    ),
  YOUTUBE_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => new URL(url).origin)
    .default('https://www.youtube.com')
    .describe('Address that stands in for the sites of YouTube, such as a mirror of yours'),
  FEED_MIN_SECONDS: count(1, 86_400)
    .default(60)
    .describe('Least time between two polls of a subscribed feed'),
  CALLBACK_ALLOW: list
    .default([])
    .describe(
      'Hosts and networks that callbacks and webhooks may reach; loopback is added when HOST is loopback',
    ),
  SCHOLAR_SERVICES: list
    .default(['arxiv', 'crossref', 'datacite', 'openalex', 'unpaywall', 'europe-pmc'])
    .superRefine((items, context) => {
      for (const message of parseServices(items).faults) context.addIssue({ code: 'custom', message });
    })
    .describe(
      'Services that are asked about academic papers once SCHOLAR_MAILTO is set, each with another address if need be (`crossref=https://mirror.example`); `off` asks none',
    ),
  SCHOLAR_MAILTO: z
    .union([z.literal(''), z.email()])
    .default('')
    .describe('Address at which these services reach you about your requests; without one, none is asked'),
  STOP_SECONDS: count(1, 300)
    .default(10)
    .describe('How long running stages may finish when the backbone stops'),
  CRASH_FILE: z.string().optional().describe('For tests: ends the process at the point that this file names'),
});

export type Config = z.output<typeof CONFIG_SCHEMA> & {
  /** DATA_DIR as an absolute path. */
  readonly dataDir: string;
  /** The variable PATH: where programs are sought. */
  readonly searchPath: string;
};

/**
 * Reads the settings once. Empty values count as absent; `defaults` stand in for what is absent.
 * @throws AppError config_invalid that lists every fault
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
  defaults: Readonly<Record<string, string>> = {},
): Config {
  const set = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const given = { ...defaults, ...set };
  const parsed = CONFIG_SCHEMA.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    throw new AppError('config_invalid', { params: { faults } });
  }
  return { ...parsed.data, dataDir: path.resolve(parsed.data.DATA_DIR), searchPath: env['PATH'] ?? '' };
}

/** The folder a person stands in: npm runs scripts in the package's own and tells here where that was. */
export function invocationFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return env['INIT_CWD'] ?? process.cwd();
}

export interface SettingRow {
  readonly name: string;
  readonly defaultValue: string;
  readonly description: string;
}

/** The settings as the README lists them. */
export function settingRows(): SettingRow[] {
  const defaults: Readonly<Record<string, unknown>> = CONFIG_SCHEMA.parse({});
  return Object.entries(CONFIG_SCHEMA.shape).map(([name, schema]) => ({
    name,
    defaultValue: shown(defaults[name]),
    description: schema.description ?? '',
  }));
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : '';
}
