/** What the paragraph styles of an RTF file mean. */
import { headingByName, roleOf, type ParagraphRole } from '../docx/styles.ts';

export interface RtfStyle {
  readonly name: string;
  /** From 0; 9 is body text; null when the style says nothing. */
  readonly outlineLevel: number | null;
  /** Number of the style it is based on; null when there is none. */
  readonly basedOn: number | null;
}

export interface ParagraphMeaning {
  readonly role: ParagraphRole;
  /** 1-6; 0 for what is no heading. */
  readonly level: number;
}

/** A style that is based on itself must not hang us. */
const LONGEST_CHAIN = 20;
/** Word itself stops at some 4,000. */
const MOST_STYLES = 10_000;
const BODY_LEVEL = 9;
const DEEPEST_HEADING = 6;

export class RtfStyles {
  readonly #styles = new Map<number, RtfStyle>();
  readonly #meanings = new Map<number, ParagraphMeaning>();

  add(number: number, style: RtfStyle): void {
    if (style.name !== '' && this.#styles.size < MOST_STYLES) this.#styles.set(number, style);
  }

  /** `outlineLevel` is the paragraph's own, which goes before its style's; null when it has none. */
  meaningOf(number: number, outlineLevel: number | null): ParagraphMeaning {
    const ofStyle = this.#meanings.get(number) ?? this.#describe(number);
    this.#meanings.set(number, ofStyle);
    if (outlineLevel === null || (ofStyle.role !== 'text' && ofStyle.role !== 'heading')) return ofStyle;
    return headingAt(outlineLevel);
  }

  #describe(number: number): ParagraphMeaning {
    const chain: RtfStyle[] = [];
    for (let at = this.#styles.get(number); at !== undefined && chain.length < LONGEST_CHAIN; ) {
      chain.push(at);
      at = at.basedOn === null ? undefined : this.#styles.get(at.basedOn);
    }
    const names = chain.map(({ name }) => name);
    const role = roleOf(names);
    if (role === 'title') return { role: 'heading', level: 1 };
    if (role !== null) return { role, level: 0 };
    const outlineLevel = chain.find((style) => style.outlineLevel !== null)?.outlineLevel;
    return headingAt(outlineLevel ?? (headingByName(names) ?? BODY_LEVEL + 1) - 1);
  }
}

function headingAt(outlineLevel: number): ParagraphMeaning {
  if (outlineLevel < 0 || outlineLevel >= BODY_LEVEL) return { role: 'text', level: 0 };
  return { role: 'heading', level: Math.min(outlineLevel + 1, DEEPEST_HEADING) };
}
