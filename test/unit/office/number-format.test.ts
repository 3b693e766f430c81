import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { builtInFormat, shownNumber } from '../../../backbone/content/document/xlsx/number-format.ts';

describe('numbers are shown', () => {
  test.each([
    [0.1 + 0.2, 'General', '0.3'],
    [1e21, 'General', '1e+21'],
    [5, '#'.repeat(300), '5'],
    [1234.5, '0', '1235'],
    [1234.5, '0.00', '1234.50'],
    [1234567.891, '#,##0.00', '1,234,567.89'],
    [1.5, '0.0##', '1.5'],
    [2, '#.##', '2'],
    [0.125, '0.0%', '12.5%'],
    [12_345_678, '0.0,,&quot;M&quot;'.replaceAll('&quot;', '"'), '12.3M'],
    [3.5, '0.0" kg; net"', '3.5 kg; net'],
    [9.9, '[$€-407] #,##0.00', '€ 9.90'],
    [7, '_(* #,##0_)', '7'],
    [-7, '#,##0;[Red](#,##0)', '(7)'],
    [-7, '0.0', '-7.0'],
    [0, '0;-0;"-"', '-'],
    [0, '0;-0;', ''],
    [12_000, '0.00E+00', '12000'],
    [0.5, '# ?/?', '0.5'],
    [4, '@', '4'],
    [4, '[Blue]General', '4'],
  ])('%d in the format %s as %s', (value, format, shown) => {
    expect(shownNumber(value, format, false)).toBe(shown);
  });

  test('and never make it fail', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string(), (value, format) => {
        expect(typeof shownNumber(value, format, false)).toBe('string');
      }),
    );
  });
});

describe('dates are shown', () => {
  test.each([
    [45_292, 'dd/mm/yyyy', '2024-01-01'],
    [45_292.75, 'yyyy\\-mm\\-dd\\ h:mm:ss', '2024-01-01 18:00:00'],
    [45_292.75, '[$-409]d mmm yy h:mm AM/PM', '2024-01-01 18:00'],
    [0.5, 'h:mm', '12:00'],
    [1.5, '[h]:mm', '36:00'],
    [1, 'yyyy-mm-dd', '1900-01-01'],
    [61, 'mmm', '1900-03-01'],
    [-1, 'yyyy-mm-dd', '-1'],
    [3_000_000, 'yyyy-mm-dd', '3000000'],
  ])('%d in the format %s as %s', (value, format, shown) => {
    expect(shownNumber(value, format, false)).toBe(shown);
  });

  test('from 1904 on in workbooks of old Macs', () => {
    expect(shownNumber(43_830, 'yyyy-mm-dd', true)).toBe('2024-01-01');
  });

  test('by the formats that every program knows', () => {
    expect(shownNumber(45_292, builtInFormat(14), false)).toBe('2024-01-01');
    expect(shownNumber(45_292, builtInFormat(0), false)).toBe('45292');
  });
});
