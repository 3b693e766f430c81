/** Time codes of captions, transcripts and chapters. Pure. */

/** No programme lasts longer: 1000 hours. */
const MOST_SECONDS = 3_600_000;
const TIME_CODE = /^(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2})(?:[.,](\d{1,9}))?$/;

/** Seconds of `1:02:03.500`, `02:03,5` or `0:07`; null when it is no time code. */
export function secondsOfTimeCode(text: string): number | null {
  const parts = TIME_CODE.exec(text.trim().slice(0, 30));
  if (parts === null) return null;
  const [, hours = '0', minutes = '0', seconds = '0', fraction = ''] = parts;
  return secondsOf(
    Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(`0.${fraction || '0'}`),
  );
}

/** A number of seconds, as number or decimal text, or a time code; null when it is none or lies beyond any programme. */
export function secondsOf(value: unknown): number | null {
  if (typeof value === 'number')
    return value >= 0 && value <= MOST_SECONDS ? Math.round(value * 1000) / 1000 : null;
  if (typeof value !== 'string') return null;
  return /^\d{1,10}(?:\.\d{1,9})?$/.test(value) ? secondsOf(Number(value)) : secondsOfTimeCode(value);
}
