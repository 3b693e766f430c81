import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { summarise } from '../../../backbone/content/steps/summary.ts';

const PROSE = `Solar panels turn the light of the sun into electricity for homes. Their silicon cells lose some efficiency in the heat of summer.
A cooler roof therefore raises the efficiency of the solar panels on it. The price of silicon cells fell by half within ten years.

Batteries store the electricity of the panels for the night. My aunt once kept three goats behind the barn.

Homes with panels and batteries buy little electricity from the grid.`;

const ENGLISH = { language: 'en' };

describe('a summary', () => {
  test('is made of whole sentences of the text, in its order', () => {
    const summary = summarise(PROSE, ENGLISH);
    const places = summary.split(/(?<=\.) /).map((sentence) => PROSE.replaceAll('\n', ' ').indexOf(sentence));
    expect(places).toHaveLength(3);
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test('leaves out what is beside the point', () => {
    expect(summarise(PROSE, ENGLISH)).not.toContain('goats');
  });

  test('never quotes headings, tables, code or labels', () => {
    const text = [
      'The Great Heading of This Whole Long Document',
      'Name\tAmount of the things that were counted.',
      'const panels = electricity(silicon, cells, efficiency, roof);',
      PROSE,
    ].join('\n\n');
    const summary = summarise(text, { ...ENGLISH, maxSentences: 20 });
    expect(summary).not.toMatch(/Heading|Amount|const/);
  });

  test('does not say the same twice', () => {
    const sentence = 'Solar panels turn the light of the sun into electricity.';
    const summary = summarise(`${sentence}\n\n${sentence}\n\n${PROSE}`, ENGLISH);
    expect(summary.split(sentence).length).toBeLessThanOrEqual(2);
  });

  test('takes a long passage without a full stop as prose', () => {
    const text = 'this goes on and on '.repeat(8).trim();
    expect(summarise(text, { language: null })).toBe(text);
  });

  test('knows sentences of scripts without spaces', () => {
    const text = '太阳能电池板将阳光转化为电能供家庭使用。电池可以储存夜间使用的电力。';
    expect(summarise(text, { language: 'zh', maxSentences: 1 })).toMatch(/。$/);
  });

  test('is as long as asked for', () => {
    expect(summarise(PROSE, { ...ENGLISH, maxSentences: 1 }).match(/\./g)).toHaveLength(1);
    expect(summarise(PROSE, { language: 'x!', maxSentences: 0 })).toBe('');
  });

  test('of nothing, or of a lone heading, is empty', () => {
    expect(summarise('', ENGLISH)).toBe('');
    expect(summarise('Chapter One', ENGLISH)).toBe('');
  });

  test('of sentences that share no word is made all the same', () => {
    expect(summarise('The of and to in it.\n\nAlpha beta gamma delta epsilon zeta.', ENGLISH)).not.toBe('');
  });

  test('of a very long text takes bounded time', () => {
    const startedAt = performance.now();
    const many = Array.from(
      { length: 20_000 },
      (_, at) => `Sentence number ${at} tells of things ${at * 7} and more.`,
    );
    expect(summarise(many.join(' '), ENGLISH)).not.toBe('');
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  test('of any text holds nothing but its words', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('One two three four five six.', 'Seven!', '\n\n', ' ', 'x\ty', 'eight nine ten'),
          { maxLength: 30 },
        ),
        (parts) => {
          const text = parts.join('');
          const source = text.replaceAll(/\s+/g, '');
          const summary = summarise(text, ENGLISH);
          for (const sentence of summary.split(/(?<=[.!]) /))
            expect(source).toContain(sentence.replaceAll(/\s+/g, ''));
        },
      ),
    );
  });
});
