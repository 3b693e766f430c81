import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import {
  createBars,
  createLines,
  SILENT,
  statusWord,
  type Progress,
} from '../../../backbone/cli/progress.ts';

const at = (status: string, percent = 0, reason: string | null = null) => ({ status, percent, reason });

describe('progress as lines', () => {
  test('has one line for every change of state', () => {
    const lines: string[] = [];
    const progress = createLines((line) => void lines.push(line));
    progress.begin(['a.pdf', 'b\u001b[2J.pdf']);
    progress.update(0, at('queued'));
    progress.update(0, at('pending'));
    progress.update(1, at('extracting', 30));
    progress.update(1, at('extracting', 44));
    progress.update(1, at('retrying', 44, 'The site is down.'));
    progress.update(0, at('completed', 100));
    progress.update(7, at('failed'));
    progress.end();
    expect(lines).toEqual([
      '[1/2] a.pdf: waiting',
      '[2/2] b [2J.pdf: extracting',
      '[2/2] b [2J.pdf: trying again soon: The site is down.',
      '[1/2] a.pdf: done',
      '[8/2] : failed',
    ]);
  });

  test('can be none at all', () => {
    expect(() => {
      SILENT.begin(['a']);
      SILENT.update(0, at('completed'));
      SILENT.end();
    }).not.toThrow();
  });

  test('uses words that a person understands', () => {
    expect(['pending', 'completed', 'storing'].map(statusWord)).toEqual(['waiting', 'done', 'storing']);
  });
});

/** What a terminal of that size shows in the end. */
function shown(
  size: { readonly columns: number; readonly rows: number },
  play: (bars: Progress) => void,
): string {
  const stream = Object.assign(new PassThrough(), { isTTY: true, ...size, cursorTo: () => undefined });
  const bars = createBars({ stream, ...size });
  play(bars);
  bars.end();
  return stripVTControlCharacters(String(stream.read() ?? ''));
}

describe('progress as bars', () => {
  test('has a bar for every job, with its state', () => {
    const text = shown({ columns: 80, rows: 24 }, (bars) => {
      bars.begin(['a.pdf', `${'long '.repeat(30)}.pdf`]);
      bars.update(0, at('extracting', 30));
      bars.update(1, at('completed', 100));
      bars.update(5, at('completed', 100));
    });
    expect(text).toMatch(/█{7}░{17} {2}30% extracting {8}a\.pdf/);
    expect(text).toMatch(/█{24} 100% done {14}long [^.]*…/);
  });

  test('has one bar for all when there are more than the screen shows', () => {
    const text = shown({ columns: 80, rows: 5 }, (bars) => {
      bars.begin(['a', 'b', 'c', 'd']);
      bars.update(0, at('completed', 100));
      bars.update(1, at('failed', 30));
      bars.update(2, at('extracting', 30));
      bars.update(2, at('embedding', 80));
    });
    expect(text).toContain(' 70% 2 of 4 jobs');
  });

  test('shows nothing before it begins', () => {
    expect(shown({ columns: 80, rows: 24 }, (bars) => bars.update(0, at('queued')))).not.toContain('%');
  });
});
