import type { LoopbackSite } from './loopback-site.ts';

export interface CountingEmbedder {
  /** EMBEDDER_URL of it. */
  readonly url: string;
  /** Every text that it embedded, in order. */
  readonly texts: readonly string[];
  /** Answers nothing for texts that match, until `release`. */
  hold(pattern: RegExp): void;
  release(): void;
}

/** An embedding service on the site whose vectors say how often each of some letters stands in a text. */
export function countingEmbedder(site: LoopbackSite, model: string, letters: string): CountingEmbedder {
  const texts: string[] = [];
  let held: { readonly pattern: RegExp; readonly end: PromiseWithResolvers<undefined> } | null = null;
  const path = `/${model}/embeddings`;
  site.on(path, (_, response) => {
    const request = site.requests.findLast((one) => one.path === path);
    const { input } = JSON.parse(String(request?.body)) as { input: readonly string[] };
    const wait = input.some((text) => held?.pattern.test(text) === true) ? held?.end.promise : undefined;
    const data = input.map((text) => ({ embedding: counts(text, letters) }));
    void Promise.resolve(wait).then(() => {
      texts.push(...input);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data }));
    });
  });
  return {
    url: `openai+${site.url}/${model}?model=${model}&dimensions=${letters.length}`,
    texts,
    hold: (pattern) => {
      held = { pattern, end: Promise.withResolvers<undefined>() };
    },
    release: () => {
      held?.end.resolve(undefined);
      held = null;
    },
  };
}

function counts(text: string, letters: string): readonly number[] {
  return Array.from(letters, (letter) => text.toLowerCase().split(letter).length);
}
