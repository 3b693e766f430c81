import { describe, expect, test } from '@jest/globals';
import { detectLanguage } from '../../../backbone/content/steps/language.ts';

const ENGLISH =
  'The annual report shows that revenue grew in every quarter of the year, although costs rose as well.';

describe('the language of a text', () => {
  test.each([
    ['en', ENGLISH],
    [
      'de',
      'Der Jahresbericht zeigt, dass der Umsatz in jedem Quartal des Jahres gestiegen ist, obwohl auch die Kosten wuchsen.',
    ],
    [
      'fr',
      'Le rapport annuel montre que le chiffre d’affaires a augmenté chaque trimestre, bien que les coûts aient augmenté.',
    ],
    ['ja', 'この報告書は、売上高が毎四半期に増加したことを示しています。'],
    ['ar', 'يظهر التقرير السنوي أن الإيرادات نمت في كل ربع من أرباع السنة رغم ارتفاع التكاليف'],
  ])('%s is detected, whatever the hint says', (language, text) => {
    expect(detectLanguage(text, null)).toBe(language);
    expect(detectLanguage(text, 'pt-BR')).toBe(language);
  });

  test('only samples of a long text are looked at', () => {
    const text = `${ENGLISH} `.repeat(20_000);
    const startedAt = performance.now();
    expect(detectLanguage(text, null)).toBe('en');
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  test('a text in two close languages goes by the larger score when nothing is said', () => {
    const text =
      'Hvordan tilbakestiller jeg passordet mitt? Jeg kan ikke logge inn med det gamle passordet lenger.';
    expect(['no', 'da']).toContain(detectLanguage(text, null));
  });
});

describe('a text too short to tell', () => {
  test.each([
    ['en-GB', 'en'],
    ['eng', 'en'],
    ['de_AT', 'de'],
    ['nb', 'no'],
    ['iw', 'he'],
    ['not a language', null],
    ['tlh', null],
    ['', null],
    [null, null],
  ])('has the hint %s as %s', (hint, language) => {
    expect(detectLanguage('OK 12', hint)).toBe(language);
  });

  test('a phrase of which the detector is unsure is the hint’s or nobody’s', () => {
    expect(detectLanguage('API REST JSON', 'fr')).toBe('fr');
    expect(detectLanguage('API REST JSON', null)).toBeNull();
  });

  test('signs that are no language leave the hint', () => {
    expect(detectLanguage('ꙮꙮꙮꙮꙮꙮꙮꙮꙮꙮꙮꙮ', 'cu-RU')).toBe('cu');
  });
});
