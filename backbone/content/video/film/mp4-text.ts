/** Texts in the samples of MP4 subtitle tracks. Pure. */
import { boxesIn, bodyAt } from './mp4-boxes.ts';

const UTF16_MARK = 0xfeff;

/** Codecs of tracks whose samples are texts, chapters of QuickTime among them. */
export function isTextCodec(codec: string): boolean {
  return codec === 'tx3g' || codec === 'text' || codec === 'wvtt';
}

/** The text of one sample; empty when it clears the screen, or is of another codec. */
export function sampleText(codec: string, sample: Buffer): string {
  if (codec === 'wvtt') return webVttText(sample);
  return isTextCodec(codec) ? timedText(sample) : '';
}

/** 3GPP TS 26.245, section 5.17: a length, then UTF-8, or UTF-16 with its mark; styles follow. */
function timedText(sample: Buffer): string {
  if (sample.length < 2) return '';
  const text = sample.subarray(2, 2 + sample.readUInt16BE(0));
  if (text.length < 2 || text.readUInt16BE(0) !== UTF16_MARK) return text.toString('utf8');
  const letters = Buffer.from(text.subarray(2, text.length - (text.length % 2)));
  return letters.swap16().toString('utf16le');
}

/** ISO 14496-30, section 7: a box for each cue that is shown. */
function webVttText(sample: Buffer): string {
  const texts: string[] = [];
  for (const { type, body } of boxesIn(sample)) {
    const payload = type === 'vttc' ? bodyAt(body, 'payl') : null;
    if (payload !== null) texts.push(payload.toString('utf8'));
  }
  return texts.join('\n');
}
