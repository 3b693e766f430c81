import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codeBlocks } from '../../../backbone/content/document/code/code-units.ts';
import { parse } from '../../../backbone/content/document/document-parser.ts';
import { documentType } from '../../../backbone/content/document/document-type.ts';
import {
  CODE_TYPE,
  JSON_FILE_TYPE,
  XML_FILE_TYPE,
  languageOfScript,
} from '../../../backbone/content/parsing/code-names.ts';
import { detectMediaType } from '../../../backbone/content/parsing/media-type.ts';
import { linkTo } from '../../../backbone/content/search-hits.ts';
import { parsed } from './parsed.ts';

const typeOf = async (text: string, fileName: string | null): Promise<string> =>
  (await detectMediaType(Buffer.from(text), { declared: null, fileName })).mediaType;

const PYTHON = `"""How high the water stands."""
import math


# Hours between two high waters.
PERIOD = 12.42

def height(hour):
    """In metres above chart datum."""

    return 2 * math.cos(hour / PERIOD)
`;

describe('the units of a source', () => {
  test('begin at lines that are not indented, with the comments above them', () => {
    const blocks = codeBlocks(PYTHON, 'python');
    expect(blocks.map(({ locator }) => locator.line)).toEqual([1, 5, 8]);
    expect(blocks[1]?.text).toBe('# Hours between two high waters.\nPERIOD = 12.42');
    expect(blocks[2]?.text).toBe(
      'def height(hour):\n    """In metres above chart datum."""\n\n    return 2 * math.cos(hour / PERIOD)',
    );
    expect(blocks.every(({ kind, codeLanguage }) => kind === 'code' && codeLanguage === 'python')).toBe(true);
  });

  test('do not end where a bracket or a branch goes on', () => {
    const text = 'function tide() {\n  rise();\n\n}\n\nif x\n  a\n\nelse\n  b\n\nend';
    expect(codeBlocks(text, null).map(({ locator }) => locator.line)).toEqual([1, 6]);
  });

  test('that are long are cut where they are least indented, else at a limit', () => {
    const method = (at: number): string => `  m${at}() {\n${'    call();\n'.repeat(13)}\n    last();\n  }\n`;
    const text = `class Tides {\n${Array.from({ length: 12 }, (_, at) => method(at)).join('\n')}}`;
    const firsts = codeBlocks(text, null)
      .slice(1)
      .map((block) => block.text.split('\n')[0]);
    expect(firsts.length).toBeGreaterThan(1);
    expect(firsts.every((line) => /^ {2}m\d+\(\) \{$/.test(line ?? ''))).toBe(true);
    const dense = codeBlocks('\tx\n'.repeat(200), null);
    expect(dense.map(({ locator }) => locator.line)).toEqual([1, 81, 161]);
  });

  test('keep every line, whole and at its number, whatever the text', () => {
    const line = fc.constantFrom('', '  ', 'a', '\tb', '    c', '}', 'def f():', '# d', '\t\te  ');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 300 }), (lines) => {
        const blocks = codeBlocks(lines.join('\n'), null);
        const filled = (all: readonly string[]): readonly string[] => all.filter((one) => one.trim() !== '');
        expect(filled(blocks.flatMap(({ text }) => text.split('\n')))).toEqual(filled(lines));
        for (const { text, locator } of blocks) {
          const own = text.split('\n');
          const at = (locator.line ?? 0) - 1;
          expect(lines.slice(at, at + own.length)).toEqual(own);
          expect(own.length).toBeLessThanOrEqual(160);
        }
      }),
    );
  });

  test('of endless statements are so many as can be kept', () => {
    const blocks = codeBlocks('x = 1\n\n'.repeat(100_000), null);
    expect(blocks).toHaveLength(20_000);
    expect(blocks[1]?.locator.line).toBe(11);
  });
});

describe('a file of code', () => {
  test('is called by its name, and its language stands in the metadata', async () => {
    const given = { mediaType: CODE_TYPE, fileName: 'src/tides.py' };
    const { metadata, typeMetadata, blocks } = await parsed(parse, PYTHON, given);
    expect(metadata.title).toEqual({ value: 'tides.py', source: 'file-name' });
    expect(typeMetadata).toEqual({ programmingLanguage: 'python', lines: 12, charset: 'utf-8' });
    expect(blocks).toHaveLength(3);
  });

  test('without a name has none, and the language of its interpreter', async () => {
    const script = await parsed(parse, '#!/bin/sh\necho tide', { mediaType: CODE_TYPE });
    expect(script.metadata.title).toBeNull();
    expect(script.typeMetadata['programmingLanguage']).toBe('shell');
  });

  test('may be JSON or XML, but not XML that declares entities', async () => {
    const json = await parsed(parse, '{"tide": 1}', { mediaType: JSON_FILE_TYPE, fileName: 'data' });
    expect(json.typeMetadata['programmingLanguage']).toBe('json');
    const xml = await parsed(parse, '<?xml version="1.0"?><tide/>', { mediaType: XML_FILE_TYPE });
    expect(xml.typeMetadata['programmingLanguage']).toBe('xml');
    const bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>';
    await expect(parsed(parse, bomb, { mediaType: XML_FILE_TYPE })).rejects.toMatchObject({
      code: 'file_unsafe',
    });
  });

  test('is cited by line where it has an address', () => {
    const locator = { line: 10 };
    const url = 'https://code.example/main/tides.rs?raw=1#top';
    expect(linkTo({ url, text: 'fn', locator })).toBe('https://code.example/main/tides.rs?raw=1#L10');
    expect(linkTo({ url: 'https://code.example/a.txt', text: 'fn', locator })).toMatch(/#:~:text=fn$/);
    expect(linkTo({ url: 'not an address', text: 'fn', locator })).toMatch(/#:~:text=fn$/);
  });
});

describe('code is told', () => {
  test.each([
    ['const tide = 1;', 'tides.ts'],
    ['# Title\n\n- a\n- b', 'tides.py'],
    ['a,b,c\n1,2,3\n4,5,6', 'rows.sql'],
    ['<template><p>Tide</p></template>', 'Tide.vue'],
    ['<div>{tide}</div>', 'Tide.svelte'],
    ['<?php echo 1;', 'tide.php'],
    ['<html><?= $tide ?></html>', 'tide.php'],
    ['FROM scratch', 'docker/Dockerfile'],
    ['all:\n\techo', 'Makefile'],
    ['add(1)', 'CMakeLists.txt'],
    ['#!/usr/bin/env -S python3 -u\nprint(1)', 'tides'],
    ['#!/bin/bash\necho', null],
    ['tide: 1', 'tides.yaml'],
    ['// Comments\n{ a: 1 }', 'settings.json'],
    ['<tides><low/></tides>', 'tides.xml'],
  ])('%j in %p', async (text, name) => {
    expect(await typeOf(text, name)).toBe(CODE_TYPE);
    expect(documentType.mediaTypes).toContain(CODE_TYPE);
  });

  test.each([
    ['<html><body>A page</body></html>', 'index.php', 'text/html'],
    ['A page', 'index.php', 'text/plain'],
    ['<html><body>Not found</body></html>', 'tides.js', 'text/html'],
    ['<rss version="2.0"></rss>', 'feed.xml', 'application/rss+xml'],
    ['{"a": 1}', 'a.json', JSON_FILE_TYPE],
    ['<?xml version="1.0"?><tides/>', 'a.xml', XML_FILE_TYPE],
    ['no JSON here', 'a.json', 'text/plain'],
    ['#!/opt/unheard-of/thing\nx', 'tides', 'text/plain'],
    ['#!/bin/bash\nx', 'tides.txt', 'text/plain'],
    ['Some text.', 'notes.txt', 'text/plain'],
  ])('%j in %p is %s', async (text, name, type) => {
    expect(await typeOf(text, name)).toBe(type);
  });

  test('from the first line in linear time', () => {
    const start = performance.now();
    for (const text of [`#!${'/a'.repeat(100_000)}`, `#!${' '.repeat(100_000)}`, `#!/env${' '.repeat(1e5)}x`])
      expect(languageOfScript(text)).toBeNull();
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
