/** Reads JSON that has raw control characters in its texts or that ends too early, as far as it is whole. Pure. */

export interface RepairedJson {
  readonly value: unknown;
  /** The text ends too early: what was open then is left out. */
  readonly isCutOff: boolean;
}

const MAX_DEPTH = 256;

/** Null when nothing can be made of it. O(length). */
export function repairJson(text: string): RepairedJson | null {
  const whole = parsed(text);
  if (whole !== undefined) return { value: whole, isCutOff: false };
  const scan = new JsonScan(text);
  const clean = parsed(scan.text);
  if (clean !== undefined) return { value: clean, isCutOff: false };
  const cut = scan.cutOff === null ? undefined : parsed(scan.cutOff);
  return cut === undefined ? null : { value: cut, isCutOff: true };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

class JsonScan {
  /** The text with its control characters escaped. */
  readonly text: string;
  /** The text up to the last object of a list that is whole, with all that is open closed; null when there is none. */
  readonly cutOff: string | null;

  constructor(source: string) {
    const parts: string[] = [];
    const open: string[] = [];
    let inString = false;
    let lastWhole: { readonly parts: number; readonly closing: string } | null = null;
    for (const [token] of source.matchAll(/\\[\s\S]|["{}[\]]|[\u0000-\u001f]|[^\\"{}[\]\u0000-\u001f]+/g)) {
      parts.push(inString && token < ' ' ? escapedControl(token) : token);
      if (token === '"') inString = !inString;
      else if (inString) continue;
      else if (token === '{' || token === '[') {
        if (open.push(token === '{' ? '}' : ']') > MAX_DEPTH) break;
      } else if (token === '}' || token === ']') {
        open.pop();
        if (token === '}' && open.at(-1) === ']' && open.length <= 4)
          lastWhole = { parts: parts.length, closing: open.toReversed().join('') };
      }
    }
    this.text = parts.join('');
    this.cutOff = lastWhole === null ? null : parts.slice(0, lastWhole.parts).join('') + lastWhole.closing;
  }
}

function escapedControl(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
