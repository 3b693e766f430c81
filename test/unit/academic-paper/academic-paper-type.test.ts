import { describe, expect, test } from '@jest/globals';
import { academicPaperType } from '../../../backbone/content/academic-paper/academic-paper-type.ts';
import { CONTENT_TYPES, TypeRegistry } from '../../../backbone/content/content-types.ts';
import { hashedIdentity } from '../../../backbone/content/identity.ts';

const types = new TypeRegistry(CONTENT_TYPES);

describe('an academic paper', () => {
  test.each([
    ['https://arxiv.org/abs/1706.03762', 'academic_paper'],
    ['https://arxiv.org/pdf/1706.03762v3.pdf', 'academic_paper'],
    ['https://doi.org/10.1000/182', 'academic_paper'],
    ['https://example.org/paper.pdf', 'document'],
    ['https://arxiv.org/list/cs.CL/recent', 'webpage'],
  ])('%s looks like a %s', (address, type) => {
    expect(types.forUrl(new URL(address)).type).toBe(type);
  });

  test('is no PDF that nobody called so', () => {
    expect(types.forMediaType('application/pdf')?.type).toBe('document');
  });

  test('has one id under all its addresses', () => {
    const idOf = (address: string): string =>
      academicPaperType.identify({ kind: 'url', url: new URL(address) });
    expect(idOf('https://arxiv.org/pdf/1706.03762v3.pdf')).toBe('1706.03762');
    expect(idOf('https://doi.org/10.48550/arXiv.1706.03762')).toBe('1706.03762');
    expect(idOf('https://dx.doi.org/10.1000%2FABC')).toBe('10.1000=2fabc');
    const other = { kind: 'url', url: new URL('https://example.org/paper.pdf') } as const;
    expect(academicPaperType.identify(other)).toBe(hashedIdentity(other));
    const upload = { kind: 'upload', sha256: 'a'.repeat(64), nativeId: null } as const;
    expect(academicPaperType.identify(upload)).toBe(hashedIdentity(upload));
  });
});
