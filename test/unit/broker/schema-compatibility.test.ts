import { describe, expect, test } from '@jest/globals';
import { compatibilityFaults } from '../../../backbone/broker/schema-compatibility.ts';

type Field = Readonly<Record<string, unknown>>;

const ID: Field = { name: 'id', type: 'string' };
const NOTE: Field = { name: 'note', type: 'string', default: '' };
const COUNT: Field = { name: 'count', type: 'int' };

function faults(...versions: readonly (readonly Field[])[]): readonly string[] {
  return compatibilityFaults(
    versions.map((fields, index) => ({
      version: index + 1,
      schemaJson: JSON.stringify({ type: 'record', name: 'Message', fields }),
    })),
  );
}

const colours = (symbols: readonly string[], fallback?: string): Field => ({
  name: 'colour',
  type: { type: 'enum', name: 'Colour', symbols, ...(fallback ? { default: fallback } : {}) },
});

describe('versions of a message', () => {
  test('may gain and lose fields that have defaults', () => {
    expect(faults([ID], [ID, NOTE], [ID])).toEqual([]);
  });

  test('may change their documentation', () => {
    expect(faults([ID], [{ ...ID, doc: 'Who it is.' }])).toEqual([]);
  });

  test('may not gain a field without a default: new readers fail on old records', () => {
    expect(faults([ID], [ID, COUNT])).toEqual([expect.stringMatching(/^version 2 cannot read 1: /)]);
  });

  test('may not lose a field without a default: old readers fail on new records', () => {
    expect(faults([ID, COUNT], [ID])).toEqual([expect.stringMatching(/^version 1 cannot read 2: /)]);
  });

  test('may not widen a number: old readers fail on it', () => {
    expect(faults([COUNT], [{ ...COUNT, type: 'long' }])).toEqual([
      expect.stringMatching(/^version 1 cannot read 2: /),
    ]);
  });

  test('may not add a symbol to an enum without a default', () => {
    expect(faults([colours(['RED'])], [colours(['RED', 'BLUE'])])).toHaveLength(1);
    expect(faults([colours(['RED'], 'RED')], [colours(['RED', 'BLUE'], 'RED')])).toEqual([]);
  });

  test('may not bring a dropped field back with another type, which is seen beyond the last version', () => {
    const other: Field = { name: 'note', type: 'int', default: 0 };
    expect(faults([ID, NOTE], [ID], [ID, other])).toHaveLength(2);
  });

  test('may not rename a field', () => {
    expect(faults([ID], [{ name: 'key', type: 'string' }])).toHaveLength(2);
  });
});
