/** Which programming language a file is written in, by its name and its first line. Pure. */
import { extensionOf } from './media-type-hints.ts';

/** Source code of any language: the language itself is told by the name. */
export const CODE_TYPE = 'text/x-source-code';
export const JSON_FILE_TYPE = 'application/json';
export const XML_FILE_TYPE = 'application/xml';

/** Language, and the endings of its files. */
const ENDINGS: Readonly<Record<string, string>> = {
  typescript: 'ts tsx mts cts',
  javascript: 'js jsx mjs cjs',
  python: 'py pyi',
  go: 'go',
  rust: 'rs',
  java: 'java',
  kotlin: 'kt kts',
  scala: 'scala sc',
  groovy: 'groovy gradle',
  c: 'c h',
  cpp: 'cc cpp cxx hh hpp hxx',
  csharp: 'cs',
  fsharp: 'fs fsx',
  ruby: 'rb rake',
  php: 'php',
  perl: 'pl pm',
  swift: 'swift',
  dart: 'dart',
  lua: 'lua',
  r: 'r',
  julia: 'jl',
  haskell: 'hs',
  ocaml: 'ml mli',
  elixir: 'ex exs',
  erlang: 'erl hrl',
  clojure: 'clj cljs cljc',
  shell: 'sh bash zsh',
  powershell: 'ps1 psm1',
  sql: 'sql',
  yaml: 'yaml yml',
  toml: 'toml',
  json: 'json',
  xml: 'xml',
  css: 'css',
  scss: 'scss sass less',
  vue: 'vue',
  svelte: 'svelte',
  graphql: 'graphql gql',
  protobuf: 'proto',
  terraform: 'tf',
};
const BY_EXTENSION: ReadonlyMap<string, string> = new Map(
  Object.entries(ENDINGS).flatMap(([language, endings]) =>
    endings.split(' ').map((ending): readonly [string, string] => [ending, language]),
  ),
);
const BY_NAME: ReadonlyMap<string, string> = new Map([
  ['dockerfile', 'dockerfile'],
  ['makefile', 'makefile'],
  ['cmakelists.txt', 'cmake'],
  ['gemfile', 'ruby'],
  ['rakefile', 'ruby'],
  ['jenkinsfile', 'groovy'],
]);
/** What the first line of a script starts it with. */
const INTERPRETERS: readonly (readonly [name: RegExp, language: string])[] = [
  [/^(?:ba|da|k|z)?sh$/, 'shell'],
  [/^python[\d.]{0,8}$/, 'python'],
  [/^(?:node|deno|bun)$/, 'javascript'],
  [/^ruby$/, 'ruby'],
  [/^perl$/, 'perl'],
  [/^php$/, 'php'],
  [/^Rscript$/, 'r'],
  [/^lua$/, 'lua'],
];
const SHEBANG = /^#!\s{0,10}(?:\/[\w.-]{1,100}){0,20}\/(?:env\s{1,10}(?:-S\s{1,10})?)?([\w.-]{1,50})(?=\s|$)/;
/** Their files are HTML to a reader of markup, which begins with an element as well. */
const MARKUP_LANGUAGES = new Set(['vue', 'svelte']);
/** Their files have types of their own when they are whole; else they begin like one, or with a comment. */
const DATA_LANGUAGES = new Set(['json', 'xml']);
const DATA_START = /^\s{0,1000}(?:[<[{]|\/[/*])/;
const MARKUP_TYPES = new Set(['text/html', 'application/xhtml+xml']);
/** What the shape of a text suggests: a name that is of code counts more. */
const GUESSES = new Set([
  'text/plain',
  'text/markdown',
  'text/csv',
  'text/tab-separated-values',
  'application/x-latex',
]);

/** Null when the name is of no language that is known. */
export function languageOfName(fileName: string | null): string | null {
  const name = (fileName ?? '').split(/[/\\]/).at(-1)?.toLowerCase() ?? '';
  return BY_NAME.get(name) ?? BY_EXTENSION.get(extensionOf(name)) ?? null;
}

/** By the interpreter that the first line names; null when it names none that is known. */
export function languageOfScript(text: string): string | null {
  const name = SHEBANG.exec(text.slice(0, 300))?.[1];
  return name === undefined ? null : (INTERPRETERS.find(([known]) => known.test(name))?.[1] ?? null);
}

/** Whether a text is source code after all, given what it looks like. Pages that servers make of `.php` are none. */
export function isCode(text: string, looksLike: string, fileName: string | null): boolean {
  const language = languageOfName(fileName);
  if (language === null)
    return extensionOf(fileName) === '' && looksLike === 'text/plain' && languageOfScript(text) !== null;
  if (language === 'php')
    return /<\?(?:php\b|=)/.test(text) && (GUESSES.has(looksLike) || MARKUP_TYPES.has(looksLike));
  if (DATA_LANGUAGES.has(language)) return GUESSES.has(looksLike) && DATA_START.test(text);
  return GUESSES.has(looksLike) || (MARKUP_LANGUAGES.has(language) && MARKUP_TYPES.has(looksLike));
}
