import { describe, expect, test } from '@jest/globals';
import {
  INGEST_HELP,
  KEYS_HELP,
  parseIngestArguments,
  parseKeysArguments,
} from '../../../backbone/cli/arguments.ts';

const sentenceOf = (parsed: { readonly kind: string }): string =>
  'sentence' in parsed ? String(parsed.sentence) : `no fault: ${parsed.kind}`;

describe('the arguments of ingest', () => {
  test('are all optional', () => {
    expect(parseIngestArguments([])).toEqual({
      kind: 'run',
      command: { sources: [], json: false, priority: null, contentType: null, force: false, metadata: {} },
    });
  });

  test('may stand in any order', () => {
    const argv = ['https://a.example', '--json', '--priority', '10', 'b.pdf', '--type=document', '--force'];
    expect(parseIngestArguments(argv)).toEqual({
      kind: 'run',
      command: {
        sources: ['https://a.example', 'b.pdf'],
        json: true,
        priority: 10,
        contentType: 'document',
        force: true,
        metadata: {},
      },
    });
  });

  test('take metadata more than once, with = in the value', () => {
    const parsed = parseIngestArguments(['--metadata', 'a=1', '--metadata', 'b=x=y', '--metadata', 'c=']);
    expect(parsed).toMatchObject({ command: { metadata: { a: '1', b: 'x=y', c: '' } } });
  });

  test.each([['--help'], ['-h', '--json']])('%s asks for help', (...argv) => {
    expect(parseIngestArguments(argv)).toEqual({ kind: 'help', text: INGEST_HELP });
  });

  test.each([
    [['--jsn'], "Unknown option '--jsn' (--help shows what there is)."],
    [['--priority', '0'], '--priority takes a number from 1 to 10, not "0".'],
    [['--priority', '11'], '--priority takes a number from 1 to 10, not "11".'],
    [['--priority', 'high'], '--priority takes a number from 1 to 10, not "high".'],
    [['--metadata', '=x'], '--metadata takes key=value, not "=x".'],
    [['--metadata', 'x'], '--metadata takes key=value, not "x".'],
  ])('%j is answered with one sentence', (argv, sentence) => {
    expect(parseIngestArguments(argv)).toEqual({ kind: 'fault', sentence });
  });

  test.each([[['--type']], [['--priority', '--json']], [['--json=1']]])('%j names the option', (argv) => {
    const sentence = sentenceOf(parseIngestArguments(argv));
    expect(sentence).toContain(String(argv[0]).split('=')[0]);
    expect(sentence).toMatch(/^[^\n]+\(--help shows what there is\)\.$/);
  });
});

describe('the arguments of keys', () => {
  test('create takes scopes in any order and each once', () => {
    const argv = ['create', '--name', 'n8n', '--scopes', 'write, read,read', '--tenant', 'acme'];
    expect(parseKeysArguments(argv)).toEqual({
      kind: 'run',
      command: { action: 'create', name: 'n8n', scopes: ['read', 'write'], tenant: 'acme' },
    });
  });

  test('create reads and writes for the default tenant unless told otherwise', () => {
    expect(parseKeysArguments(['create', '--name', 'n8n'])).toMatchObject({
      command: { scopes: ['read', 'write'], tenant: 'default' },
    });
  });

  test('list and revoke are understood', () => {
    expect(parseKeysArguments(['list'])).toEqual({ kind: 'run', command: { action: 'list' } });
    expect(parseKeysArguments(['revoke', 'abc'])).toEqual({
      kind: 'run',
      command: { action: 'revoke', keyId: 'abc' },
    });
  });

  test('help is shown', () => {
    expect(parseKeysArguments(['--help'])).toEqual({ kind: 'help', text: KEYS_HELP });
  });

  test.each([
    [[], 'Say one of'],
    [['make'], 'Say one of'],
    [['list', 'all'], 'Say one of'],
    [['revoke'], 'Say one of'],
    [['revoke', 'a', 'b'], 'Say one of'],
    [['create', 'x', '--name', 'n'], 'Say one of'],
    [['create'], 'Give the key a name'],
    [['create', '--name', ' '], 'Give the key a name'],
    [['create', '--name', 'n', '--scopes', 'read,root'], 'There is no scope "root"'],
    [['create', '--name', 'n', '--tenant', 'A/B'], '--tenant takes'],
    [['list', '--name', 'n'], 'The option --name belongs to create.'],
    [['revoke', 'abc', '--tenant', 'n'], 'The option --tenant belongs to create.'],
    [['--nmae'], 'Unknown option'],
  ])('%j is answered with one sentence', (argv, beginning) => {
    expect(sentenceOf(parseKeysArguments(argv))).toMatch(new RegExp(`^${beginning}`));
  });
});
