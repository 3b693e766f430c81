/** What the program that saved an RTF file noted about it. */
import { NO_METADATA, type ContentMetadata, type JsonObject } from '../../model.ts';
import { authorsIn, givenTitle, keywordsIn, shortValue, sourced } from '../property-values.ts';

const SOURCE = 'rtf-info';
const TEXTS = ['title', 'subject', 'author', 'keywords', 'doccomm'] as const;
const DATES = ['creatim', 'revtim'] as const;
/** Parts of a date, the year first. */
const DATE_PARTS = ['yr', 'mo', 'dy', 'hr', 'min', 'sec'] as const;

type TextName = (typeof TEXTS)[number];
type DateName = (typeof DATES)[number];

export class RtfInfo {
  readonly #texts = new Map<TextName, string | null>();
  readonly #dates = new Map<DateName, Map<string, number>>();
  #openDate: Map<string, number> | null = null;
  #pages: number | null = null;

  get pages(): number | null {
    return this.#pages;
  }

  get metadata(): ContentMetadata {
    return {
      ...NO_METADATA,
      title: sourced(SOURCE, givenTitle(this.#text('title'))),
      authors: sourced(SOURCE, authorsIn(this.#text('author'))),
      publishedAt: sourced(SOURCE, isoDate(this.#dates.get('creatim'))),
      modifiedAt: sourced(SOURCE, isoDate(this.#dates.get('revtim'))),
      description: sourced(SOURCE, this.#text('doccomm')),
    };
  }

  get facts(): JsonObject {
    return { subject: this.#text('subject'), keywords: keywordsIn(this.#text('keywords')) };
  }

  /** Whether a group of this name holds a text that `text` wants to be told. */
  isText(word: string): word is TextName {
    return TEXTS.some((name) => name === word);
  }

  text(name: TextName, text: string): void {
    this.#texts.set(name, shortValue(text));
  }

  word(word: string, parameter: number | null): void {
    const date = DATES.find((name) => name === word);
    if (date !== undefined) {
      this.#openDate = new Map();
      this.#dates.set(date, this.#openDate);
    } else if (word === 'nofpages' && parameter !== null && parameter > 0 && parameter <= 1_000_000) {
      this.#pages = parameter;
    } else if (word.endsWith('tim')) this.#openDate = null;
    else if (parameter !== null && DATE_PARTS.some((part) => part === word))
      this.#openDate?.set(word, parameter);
  }

  #text(name: TextName): string | null {
    return this.#texts.get(name) ?? null;
  }
}

/** The zone is nowhere noted. Null for what is no date: unset ones are all zeros. */
function isoDate(parts: ReadonlyMap<string, number> | undefined): string | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = DATE_PARTS.map(
    (part) => parts?.get(part) ?? 0,
  );
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  const text = `${date}T${two(hour)}:${two(minute)}:${two(second)}`;
  const time = Date.parse(`${text}Z`);
  return year > 0 && !Number.isNaN(time) && new Date(time).toISOString().startsWith(date) ? text : null;
}
