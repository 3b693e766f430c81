import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { withoutDoctype } from '../../../backbone/content/parsing/xml-doctype.ts';
import {
  elementAt,
  elementsOf,
  readXml,
  textOf,
  type XmlOptions,
} from '../../../backbone/content/parsing/xml.ts';

const OPTIONS: XmlOptions = { namespaces: { 'urn:words': 'w', 'urn:maths': 'm' } };
const read = (text: string, options: Partial<XmlOptions> = {}) =>
  readXml(Buffer.from(text), { ...OPTIONS, ...options });

describe('the tree', () => {
  test('keeps elements, attributes and text in order', () => {
    const root = read('<a one="1&amp;2">x<b/>y<![CDATA[<z>]]></a>');
    expect(root.name).toBe('a');
    expect(root.attributes.get('one')).toBe('1&2');
    expect(root.children).toEqual(['x', expect.objectContaining({ name: 'b' }), 'y<z>']);
    expect(textOf(root)).toBe('xy<z>');
  });

  test('calls namespaces by the reader’s prefixes, whatever the file calls them', () => {
    const root = read(
      '<ns0:p xmlns:ns0="urn:words" ns0:val="1" plain="2"><x xmlns="urn:maths"/><ns0:r/><o:q/></ns0:p>',
    );
    expect(root.name).toBe('w:p');
    expect([...root.attributes.keys()].filter((name) => !name.startsWith('xmlns'))).toEqual([
      'w:val',
      'plain',
    ]);
    expect(elementsOf(root).map((child) => child.name)).toEqual(['m:x', 'w:r', 'o:q']);
  });

  test('is searched by child and by path', () => {
    const root = read('<a><b><c>1</c></b><b/><d/></a>');
    expect(elementsOf(root, 'b')).toHaveLength(2);
    expect(elementAt(root, 'b', 'c')?.children).toEqual(['1']);
    expect(elementAt(root, 'x', 'c')).toBeNull();
  });

  test('of a text larger than one piece is whole', () => {
    const long = 'harbour '.repeat(20_000);
    expect(textOf(read(`<a>${long}</a>`))).toBe(long);
  });

  test('is read from UTF-16', () => {
    expect(textOf(readXml(Buffer.from('\ufeff<a>Brücke</a>', 'utf16le'), OPTIONS))).toBe('Brücke');
  });

  test('needs a root', () => {
    expect(() => read('only text')).toThrow(expect.objectContaining({ code: 'file_damaged' }));
  });
});

describe('limits', () => {
  test('too deep a nesting is refused', () => {
    expect(() => read('<a>'.repeat(600))).toThrow(expect.objectContaining({ code: 'file_unsafe' }));
    expect(() => read('<a><a><a>', { maxDepth: 2 })).toThrow(
      expect.objectContaining({ code: 'file_unsafe' }),
    );
  });

  test('too many elements and texts are refused', () => {
    expect(() => read('<a>x<b/>y</a>', { maxNodes: 3 })).toThrow(
      expect.objectContaining({ code: 'file_unsafe' }),
    );
    expect(textOf(read('<a>x<b/>y</a>', { maxNodes: 4 }))).toBe('xy');
  });

  test('too many namespaces are refused', () => {
    const many = Array.from({ length: 300 }, (_, index) => `xmlns:p${index}="u"`).join(' ');
    expect(() => read(`<a ${many}/>`)).toThrow(expect.objectContaining({ code: 'file_unsafe' }));
  });
});

describe('the DOCTYPE', () => {
  test.each([
    '<!DOCTYPE rss SYSTEM "http://example.org/rss>.dtd">',
    '<!doctype ncx PUBLIC "-//x//EN" "y.dtd">',
    '<?xml version="1.0"?><!-- > --><!DOCTYPE a [<!ELEMENT a (b)> <!-- ]> " --> <!ATTLIST a b CDATA "]>">]>',
  ])('%s is cut out', (doctype) => {
    expect(withoutDoctype(`${doctype}<a>text</a>`)).toMatch(/^[^[]*<a>text<\/a>$/);
    expect(textOf(read(`${doctype}<a>text</a>`))).toBe('text');
  });

  test('one that declares entities is refused', () => {
    const bomb = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><a>&y;</a>';
    expect(() => read(bomb)).toThrow(expect.objectContaining({ code: 'file_unsafe' }));
  });

  test.each(['<!DOCTYPE a [', '<!DOCTYPE a [<!-- ', '<!DOCTYPE a "'])(
    'one without an end is refused: %s',
    (text) => {
      expect(() => withoutDoctype(text)).toThrow(expect.objectContaining({ code: 'file_unsafe' }));
    },
  );

  test.each(['', 'text', '<a><!DOCTYPE a></a>', '<!-- <!DOCTYPE a>', '<?xml', '<?xml version="1.0"?>'])(
    'a document without one stays as it is: %s',
    (text) => {
      expect(withoutDoctype(text)).toBe(text);
    },
  );
});

test('text that is escaped comes back unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (raw) => {
      const content = raw.replaceAll(/[\0\u001b\r]/g, '');
      const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
      expect(textOf(read(`<a>é${escaped}</a>`))).toBe(`é${content}`);
    }),
  );
});
