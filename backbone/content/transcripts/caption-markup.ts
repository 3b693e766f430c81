/** The markup within captions: WebVTT's tags and voices, the HTML that SRT borrows, override codes of SSA. Pure. */
import { decodeReferences } from '../parsing/html-tree.ts';
import { speakerName, tidyLines } from './transcript.ts';

/** What one voice says within a cue. */
export interface VoiceText {
  readonly speaker: string | null;
  readonly text: string;
}

/** A tag, or a time code that tells when a word is sung. A lone `<` is text. The length bounds the search. */
const TAG = /<(?:(\/?)([a-z]+)((?:[\s.][^<>]{0,300})?)|\d[\d:.]{0,20})>/gi;
const SSA_OVERRIDE = /\{\\[^{}\n]{0,100}\}/g;
const REFERENCE = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]\w{1,31});/i;

/** The text of a cue by voices, in order; without voices one piece. Pieces without text are left out. O(payload). */
export function voicesOf(payload: string): readonly VoiceText[] {
  const voices: VoiceText[] = [];
  let speaker: string | null = null;
  let text = '';
  let at = 0;
  const close = (): void => {
    const plain = plainCaption(text);
    if (plain !== '') voices.push({ speaker, text: plain });
    text = '';
  };
  for (const tag of payload.matchAll(TAG)) {
    const [whole, slash = '', name = '', rest = ''] = tag;
    text += payload.slice(at, tag.index);
    at = tag.index + whole.length;
    if (name.toLowerCase() !== 'v') continue;
    close();
    speaker = slash === '' ? voiceName(rest) : null;
  }
  text += payload.slice(at);
  close();
  return voices;
}

/** Behind the name of the tag come classes, then the annotation: `<v.loud.first Ann Lee>`. */
function voiceName(rest: string): string | null {
  const space = rest.search(/\s/);
  return space < 0 ? null : speakerName(withoutReferences(rest.slice(space)));
}

function plainCaption(text: string): string {
  return tidyLines(withoutReferences(text.replaceAll(SSA_OVERRIDE, '')));
}

function withoutReferences(text: string): string {
  if (!REFERENCE.test(text)) return text;
  // What still looks like the begin of a tag is text by now.
  return decodeReferences(text.replaceAll('<', '&lt;')).replaceAll(/[\u200e\u200f]/g, '');
}
