export interface Article {
  readonly title: string;
  readonly author?: string;
  readonly language?: string;
  readonly published?: string;
  /** Under a second-level heading. */
  readonly sections: readonly { readonly heading: string; readonly paragraphs: readonly string[] }[];
}

/** A web page with a head, a navigation and one article. */
export function articlePage(article: Article): string {
  const { title, author, language = 'en', published, sections } = article;
  const meta = [
    author === undefined ? '' : `<meta name="author" content="${author}">`,
    published === undefined ? '' : `<meta property="article:published_time" content="${published}">`,
  ];
  const body = sections.map(
    ({ heading, paragraphs }) =>
      `<h2>${heading}</h2>\n${paragraphs.map((text) => `<p>${text}</p>`).join('\n')}`,
  );
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${title}</title>${meta.join('')}</head>
<body><nav><a href="/">Home</a> <a href="/all">All articles</a></nav>
<main><article><h1>${title}</h1>
${body.join('\n')}
</article></main><footer>Imprint</footer></body></html>`;
}

/** Prose of about 60 words, so that a page made of it is a page with something to read. */
export const LIGHTHOUSE = `The keepers of the old lighthouse wrote every storm into a thick logbook. They noted the
height of the waves, the direction of the wind and the ships that passed in the night. When the lamp was changed to
electric light, the logbook was closed, and nobody opened it for forty years until a historian found it in a cellar.`;

export const BEES = `Honey bees tell each other where the flowers are by a dance. A forager that has found a rich
meadow returns to the hive and runs in the shape of an eight; the angle of her path shows the direction to the sun,
and the length of the run shows how far the others have to fly before they find the nectar.`;

export const GLACIER = `The glacier above the village has lost a third of its length within one century. Measurements
that pupils take every autumn show how the ice retreats, and how the stream that it feeds carries less water in late
summer. Farmers in the valley have begun to dig ponds, so that the meadows can be watered in dry years.`;

/** The sentences of a text with the milliseconds at which each begins: one every ten seconds, as lyrics are timed. */
export function spoken(
  text: string,
  fromSeconds: number,
): readonly (readonly [sentence: string, atMs: number])[] {
  return text
    .replaceAll(/\s+/g, ' ')
    .split(/(?<=\.) /)
    .map((sentence, at) => [sentence, (fromSeconds + at * 10) * 1000]);
}

/** The same as captions have them, in milliseconds. */
export function captioned(
  text: string,
  fromSeconds: number,
): readonly (readonly [startMs: number, durationMs: number, text: string])[] {
  return spoken(text, fromSeconds).map(([sentence, atMs]) => [atMs, 9900, sentence]);
}
