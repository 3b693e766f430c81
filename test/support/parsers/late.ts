import type { Parser } from '../../../backbone/content/parsing/parser.ts';
import { parse as parseSoundly } from './sound.ts';

/** Answers properly, and afterwards ends its thread by a fault when it is told to. */
export const parse: Parser = async (input, events) => {
  const channel = new BroadcastChannel('fault-after-the-answer');
  channel.addEventListener('message', () => {
    throw new Error('too late');
  });
  return parseSoundly(input, events);
};
