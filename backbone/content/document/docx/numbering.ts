/** Numbers in front of paragraphs, which the file does not hold: it holds the rules for counting. */
import { elementAt, elementsOf, type XmlElement } from '../../parsing/xml.ts';
import type { NumberingReference } from './styles.ts';

export interface ParagraphNumber {
  /** False for bullets. */
  readonly ordered: boolean;
  readonly ordinal: number;
  /** As printed: `1.2`, `(a)`, `IV.`; a bullet's sign for bullets. */
  readonly label: string;
}

export interface Numbering {
  /** Counts on: call once for each numbered paragraph, in reading order. Null when the reference leads nowhere. */
  next(reference: NumberingReference): ParagraphNumber | null;
}

interface LevelRule {
  readonly start: number;
  readonly format: string;
  readonly text: string;
}

interface Instance {
  readonly abstractId: string;
  readonly startOverrides: ReadonlyMap<number, number>;
}

const LEVELS = 9;
const MAX_ORDINAL = 1_000_000;

/** `numbering` is the root of the numbering part; null when the file has none. */
export function readNumbering(numbering: XmlElement | null): Numbering {
  const rules = new Map<string, readonly (LevelRule | undefined)[]>();
  const instances = new Map<string, Instance>();
  if (numbering !== null) {
    for (const element of elementsOf(numbering, 'w:abstractNum')) {
      rules.set(element.attributes.get('w:abstractNumId') ?? '', levelsOf(element));
    }
    for (const element of elementsOf(numbering, 'w:num')) {
      instances.set(element.attributes.get('w:numId') ?? '', instanceOf(element));
    }
  }
  return new Counters(rules, instances);
}

class Counters implements Numbering {
  readonly #rules: ReadonlyMap<string, readonly (LevelRule | undefined)[]>;
  readonly #instances: ReadonlyMap<string, Instance>;
  /** By abstract numbering: instances of one share their count. */
  readonly #counts = new Map<string, (number | null)[]>();
  readonly #started = new Set<string>();

  constructor(
    rules: ReadonlyMap<string, readonly (LevelRule | undefined)[]>,
    instances: ReadonlyMap<string, Instance>,
  ) {
    this.#rules = rules;
    this.#instances = instances;
  }

  next({ numId, level }: NumberingReference): ParagraphNumber | null {
    const instance = this.#instances.get(numId);
    const levels = instance === undefined ? undefined : this.#rules.get(instance.abstractId);
    const rule = levels?.[level];
    if (instance === undefined || levels === undefined || rule === undefined) return null;
    if (rule.format === 'bullet') return { ordered: false, ordinal: 1, label: rule.text };
    const counts = this.#countsOf(numId, instance);
    const ordinal = Math.min((counts[level] ?? rule.start - 1) + 1, MAX_ORDINAL);
    counts[level] = ordinal;
    counts.fill(null, level + 1);
    return { ordered: rule.format !== 'none', ordinal, label: labelOf(rule, levels, counts) };
  }

  #countsOf(numId: string, instance: Instance): (number | null)[] {
    const counts = this.#counts.get(instance.abstractId) ?? Array.from({ length: LEVELS }, () => null);
    this.#counts.set(instance.abstractId, counts);
    if (!this.#started.has(numId)) {
      this.#started.add(numId);
      for (const [level, start] of instance.startOverrides) counts[level] = start - 1;
    }
    return counts;
  }
}

/** Fills `%1.%2` with the counts of the levels above. */
function labelOf(
  rule: LevelRule,
  levels: readonly (LevelRule | undefined)[],
  counts: readonly (number | null)[],
): string {
  return rule.text
    .slice(0, 100)
    .replaceAll(/%([1-9])/g, (_, digit: string) => {
      const level = Number(digit) - 1;
      const count = counts[level] ?? levels[level]?.start ?? 1;
      return formatOrdinal(count, levels[level]?.format ?? 'decimal');
    })
    .trim();
}

function levelsOf(abstract: XmlElement): readonly (LevelRule | undefined)[] {
  const levels: (LevelRule | undefined)[] = [];
  for (const element of elementsOf(abstract, 'w:lvl')) {
    const level = integerOf(element.attributes.get('w:ilvl'), LEVELS - 1);
    const value = (name: string): string | undefined => elementAt(element, name)?.attributes.get('w:val');
    if (level === null) continue;
    levels[level] = {
      start: integerOf(value('w:start'), MAX_ORDINAL) ?? 1,
      format: value('w:numFmt') ?? 'decimal',
      text: value('w:lvlText') ?? '',
    };
  }
  return levels;
}

function instanceOf(element: XmlElement): Instance {
  const startOverrides = new Map<number, number>();
  for (const override of elementsOf(element, 'w:lvlOverride')) {
    const level = integerOf(override.attributes.get('w:ilvl'), LEVELS - 1);
    const start = integerOf(elementAt(override, 'w:startOverride')?.attributes.get('w:val'), MAX_ORDINAL);
    if (level !== null && start !== null) startOverrides.set(level, start);
  }
  return { abstractId: elementAt(element, 'w:abstractNumId')?.attributes.get('w:val') ?? '', startOverrides };
}

function integerOf(value: string | undefined, max: number): number | null {
  const number = Number(value ?? NaN);
  return Number.isInteger(number) && number >= 0 && number <= max ? number : null;
}

/** Formats without a rule here are printed as decimal numbers. */
export function formatOrdinal(ordinal: number, format: string): string {
  switch (format) {
    case 'lowerLetter':
      return letters(ordinal);
    case 'upperLetter':
      return letters(ordinal).toUpperCase();
    case 'lowerRoman':
      return roman(ordinal).toLowerCase();
    case 'upperRoman':
      return roman(ordinal);
    case 'decimalZero':
      return String(ordinal).padStart(2, '0');
    case 'none':
      return '';
    default:
      return String(ordinal);
  }
}

/** As Word counts: a to z, then aa, bb, cc. */
function letters(ordinal: number): string {
  if (ordinal < 1 || ordinal > 26 * 10) return String(ordinal);
  const letter = String.fromCharCode(97 + ((ordinal - 1) % 26));
  return letter.repeat(Math.ceil(ordinal / 26));
}

const ROMAN: readonly (readonly [value: number, sign: string])[] = [
  [1000, 'M'],
  [900, 'CM'],
  [500, 'D'],
  [400, 'CD'],
  [100, 'C'],
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
];

function roman(ordinal: number): string {
  if (ordinal < 1 || ordinal > 3999) return String(ordinal);
  let rest = ordinal;
  let text = '';
  for (const [value, sign] of ROMAN) {
    text += sign.repeat(Math.floor(rest / value));
    rest %= value;
  }
  return text;
}
