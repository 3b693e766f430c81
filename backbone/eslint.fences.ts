import path from 'node:path';
import type { Rule } from 'eslint';

/**
 * Who may import what. `imports` is matched by what a file of `backbone/` imports: a package, a built-in
 * module, or another file of it. Paths are relative to `backbone/`.
 */
export interface Fence {
  readonly why: string;
  readonly imports: RegExp;
  /** The files that may; all others may not. */
  readonly only?: RegExp;
  /** The files that may not; all others may. */
  readonly never?: RegExp;
  /** Whether `import type` is let through. */
  readonly types?: boolean;
}

export const FENCES: readonly Fence[] = [
  { why: 'only the fetch module opens connections', imports: /^undici$/, only: /^fetch\// },
  {
    why: 'only the fetch module opens connections; the API listens, and the command line talks to the API',
    imports: /^node:(https?|http2|net|tls|dgram|dns)(\/|$)/,
    only: /^(fetch\/|api\/|cli\/client\.ts$)/,
  },
  {
    why: 'one door to PostgreSQL',
    imports: /^(typeorm|pg|reflect-metadata)$/,
    only: /^(stores\/records\/|content\/type-tables\.ts$)/,
  },
  { why: 'one file opens PGlite', imports: /^@electric-sql\//, only: /^stores\/embedded-database\.ts$/ },
  { why: 'one file speaks Koa', imports: /^(koa|@koa\/router)$/, only: /^api\// },
  { why: 'one file speaks WebSocket', imports: /^ws$/, only: /^api\/status-socket\.ts$/ },
  { why: 'one file speaks multipart', imports: /^@fastify\/busboy$/, only: /^api\/multipart\.ts$/ },
  { why: 'one file logs', imports: /^pino$/, only: /^logger\.ts$/ },
  { why: 'one file counts', imports: /^prom-client$/, only: /^metrics\.ts$/ },
  {
    why: 'Avro stands behind the codec',
    imports: /^avsc$/,
    only: /^(pipeline\/codec|broker\/schema-compatibility)\.ts$/,
  },
  {
    why: 'PDF libraries stay in their folder',
    imports: /^(pdfjs-dist|pdf-parse)(\/|$)/,
    only: /^content\/document\/pdf\//,
  },
  { why: 'one file uses mammoth', imports: /^mammoth$/, only: /^content\/document\/docx-parser\.ts$/ },
  {
    why: 'one file reads audio tags',
    imports: /^music-metadata$/,
    only: /^content\/podcast\/audio-tags\.ts$/,
  },
  {
    why: 'one file a program runs it; the command line installs',
    imports: /^node:child_process$/,
    only: /^(content\/media\/ffmpeg\.ts|content\/document\/legacy\/libreoffice\.ts|cli\/.*)$/,
  },
  {
    why: 'one file uses youtubei.js',
    imports: /^youtubei\.js(\/|$)/,
    only: /^content\/video\/innertube-provider\.ts$/,
  },
  {
    why: 'one file uses ytdl-core',
    imports: /^@distube\/ytdl-core(\/|$)/,
    only: /^content\/video\/ytdl-provider\.ts$/,
  },
  {
    why: 'models on this machine run in their own thread',
    imports: /^models\/local-model\.ts$/,
    only: /^models\/local-[a-z]+-worker\.ts$/,
    types: true,
  },
  {
    why: 'the model runs in its own thread',
    imports: /^@energetic-ai\//,
    only: /^models\/use-lite-worker\.ts$/,
  },
  {
    why: 'decisions are pure: no library, no built-in module',
    imports: /^(?!\.|.*\.ts$)/,
    never:
      /^(jobs\/job|feeds\/feed-schedule|pipeline\/(stages|lanes|retry-policy|topics|circuit)|errors|error-table|content\/model|broker\/offset-tracker)\.ts$/,
  },
  {
    why: 'api, jobs, feeds and content see ports, never adapters',
    imports:
      /^(stores\/(embedded-database|blobs\/(file-blob-store|open-)|cache\/(memory-cache|open-)|vectors\/(pgvector|open-)|graph\/(sql-graph|open-)|records\/(typeorm-database|open-))|broker\/(memory-|open-|embedded-)|models\/(use-lite|local-|http-embedder|openai-transcriber|openai-llm|open-)|fetch\/(undici-|open-|dialler))/,
    never: /^(api|jobs|feeds|content)\//,
    types: true,
  },
  {
    why: 'the composition root opens; the command line may open the records when no backbone runs',
    imports: /\/open-[a-z-]+\.ts$/,
    only: /^(composition\/stores|cli\/key-desk)\.ts$/,
    types: true,
  },
  { why: 'content knows no topic', imports: /^pipeline\/topics\.ts$/, never: /^content\// },
  {
    why: 'the pipeline knows no content type',
    imports: /^content\/(academic-paper|webpage|document|ebook|podcast|video|content-types)/,
    never: /^(pipeline|broker)\//,
  },
  {
    why: 'the API knows no table',
    imports: /^stores\/records\/(record-store|maintenance)\.ts$/,
    never: /^api\//,
    types: true,
  },
];

/** The fence that an import breaks, or null. `file` and files among `imported` are relative to `backbone/`, with slashes. */
export function brokenFence(file: string, imported: string, isType: boolean): Fence | null {
  const breaks = (fence: Fence): boolean =>
    fence.imports.test(imported) &&
    !(fence.types === true && isType) &&
    (fence.only ? !fence.only.test(file) : (fence.never?.test(file) ?? false));
  return FENCES.find(breaks) ?? null;
}

const BACKBONE = import.meta.dirname;

/** What an import names, relative to `backbone/` when it is a file of ours. */
function targetOf(filename: string, source: string): string {
  if (!source.startsWith('.')) return source;
  return path.relative(BACKBONE, path.resolve(path.dirname(filename), source)).replaceAll('\\', '/');
}

interface ImportNode {
  readonly source?: { readonly value?: unknown } | null;
  readonly importKind?: string;
  readonly exportKind?: string;
}

const imports: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { broken: '{{file}} must not import {{imported}}: {{why}}' },
  },
  create(context) {
    const file = relative(context.filename);
    const check = (node: Rule.Node): void => {
      const { source, importKind, exportKind } = node as ImportNode;
      if (typeof source?.value !== 'string') return;
      const imported = targetOf(context.filename, source.value);
      const fence = brokenFence(file, imported, importKind === 'type' || exportKind === 'type');
      if (fence) context.report({ node, messageId: 'broken', data: { file, imported, why: fence.why } });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

/** Global `fetch` stays in the fetch module, the environment in `config.ts`. */
const globals: Rule.RuleModule = {
  meta: { type: 'problem', schema: [], messages: { broken: '{{name}} belongs in {{home}}' } },
  create(context) {
    const file = relative(context.filename);
    const keep = (name: string, home: string, isHome: boolean) => (node: Rule.Node) => {
      if (!isHome) context.report({ node, messageId: 'broken', data: { name, home } });
    };
    return {
      'CallExpression[callee.name="fetch"]': keep('fetch', 'fetch/', file.startsWith('fetch/')),
      'MemberExpression[object.name="process"][property.name="env"]': keep(
        'process.env',
        'config.ts',
        file === 'config.ts',
      ),
    };
  },
};

function relative(filename: string): string {
  return path.relative(BACKBONE, filename).replaceAll('\\', '/');
}

export const fences = { rules: { imports, globals } };
