import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { ConnectionFailure } from '../../../backbone/cli/client.ts';
import { explainAnything, UnknownKey } from '../../../backbone/cli/failures.ts';
import { interruptSignal } from '../../../backbone/cli/signals.ts';
import { SourceFault } from '../../../backbone/cli/sources.ts';
import { createTerminal } from '../../../backbone/cli/terminal.ts';
import { AppError } from '../../../backbone/errors.ts';

describe('a failure in words', () => {
  test.each([
    [new AppError('disk_full'), 'disk_full'],
    [new ConnectionFailure('lost'), 'backbone_unreachable'],
    [new UnknownKey('none'), 'not_found'],
    [new SourceFault('no file'), 'invalid_source'],
    [new TypeError('x is not a function'), 'internal_error'],
    ['a string', 'internal_error'],
  ])('%p has the code %s, a sentence and a hint', (error, code) => {
    const explained = explainAnything(error);
    expect(explained.code).toBe(code);
    expect(explained.message.length).toBeGreaterThan(0);
    expect(explained.hint).toMatch(/\.$|npm start/);
  });

  test('never shows a stack', () => {
    expect(explainAnything(new TypeError('x is undefined')).message).toBe(
      'Something went wrong on our side: x is undefined.',
    );
  });
});

describe('Ctrl-C', () => {
  test('first raises the signal, then ends the process', () => {
    const codes: number[] = [];
    const program = Object.assign(new EventEmitter(), { exit: (code: number) => void codes.push(code) });
    const signal = interruptSignal(program);
    expect(signal.aborted).toBe(false);
    program.emit('SIGINT');
    expect([signal.aborted, codes]).toEqual([true, []]);
    program.emit('SIGTERM');
    expect(codes).toEqual([130]);
  });
});

describe('the terminal', () => {
  test('is wide and not interactive when output goes to a file', () => {
    const [out, err] = [new PassThrough(), new PassThrough()];
    const terminal = createTerminal(out, err);
    terminal.out('result');
    terminal.err('complaint');
    expect([String(out.read()), String(err.read())]).toEqual(['result\n', 'complaint\n']);
    expect(terminal).toMatchObject({ isInteractive: false, columns: 160, rows: 24 });
  });

  test('has the size of the window', () => {
    const window = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 40 });
    expect(createTerminal(window, window)).toMatchObject({ isInteractive: true, columns: 80, rows: 40 });
  });
});
