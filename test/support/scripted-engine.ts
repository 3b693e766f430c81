import type { OpenRecogniser, RecognisedLine } from '../../backbone/content/document/ocr/recogniser.ts';

/** What an engine makes of one picture. */
export type Answer = readonly RecognisedLine[] | Promise<readonly RecognisedLine[]> | Error;

export function textLine(text: string, confidence = 0.95): RecognisedLine {
  return { text, confidence, box: { x0: 10, y0: 10, x1: 90, y1: 20 }, paragraph: 0 };
}

/** Gives the answers in turn, over all engines that are opened. */
export function scriptedEngine(answers: readonly Answer[]): {
  readonly open: OpenRecogniser;
  readonly counts: { opened: number; closed: number };
} {
  const left = [...answers];
  const counts = { opened: 0, closed: 0 };
  const open: OpenRecogniser = async () => {
    counts.opened += 1;
    return {
      recognise: async () => {
        const answer = left.shift() ?? new Error('no answer is left');
        if (answer instanceof Error) throw answer;
        return answer;
      },
      close: async () => {
        counts.closed += 1;
      },
    };
  };
  return { open, counts };
}
