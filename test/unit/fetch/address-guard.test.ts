import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  canonicalAddress,
  classifyAddress,
  inNetworks,
  isAddress,
  parseNetwork,
  parseNetworks,
} from '../../../backbone/fetch/address-guard.ts';
import { ADDRESSES } from './addresses.ts';

const TABLE = Object.entries(ADDRESSES).flatMap(([expected, list]) =>
  list.map((address) => ({ address, expected })),
);

describe('classes of addresses', () => {
  test.each(TABLE)('$address is $expected', ({ address, expected }) => {
    expect(classifyAddress(address)).toBe(expected);
  });

  test('an IPv4 address is judged alike in every wrapping that may be dialled as IPv4', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const hex = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
        const wrapped = `${hex[0] ?? ''}${hex[1] ?? ''}:${hex[2] ?? ''}${hex[3] ?? ''}`;
        const direct = classifyAddress(address);
        expect(classifyAddress(`::ffff:${address}`)).toBe(direct);
        expect(classifyAddress(`::ffff:${wrapped}`)).toBe(direct);
        expect(classifyAddress(`64:ff9b::${wrapped}`)).toBe(direct);
      }),
    );
  });

  test('no IPv6 address outside 2000::/3 is public, save NAT64 and IPv4-mapped ones', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const global = inNetworks(address, parseNetworks(['2000::/3', '64:ff9b::/96', '0.0.0.0/0'], 'X'));
        expect(global || classifyAddress(address) !== 'public').toBe(true);
      }),
    );
  });

  test('any text gets a class and none makes it throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV6(), fc.ipV4Extended()), (text) => {
        expect(classifyAddress(text) === 'not_an_address').toBe(!isAddress(text));
      }),
    );
  });
});

describe('networks', () => {
  test.each([
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '127.0.0.2', false],
    ['127.0.0.1/8', '127.9.9.9', true],
    ['fd00::/8', 'fd12::1', true],
    ['fd00::/8', 'fc00::1', false],
    ['0.0.0.0/0', '::1', false],
    ['::/0', '1.1.1.1', false],
    ['127.0.0.0/8', '::ffff:127.0.0.1', true],
    ['127.0.0.0/8', 'nonsense', false],
    [' ::1 ', '::1', true],
  ])('%s holds %s: %s', (network, address, expected) => {
    expect(inNetworks(address, parseNetworks([network], 'FETCH_ALLOW_PRIVATE'))).toBe(expected);
  });

  test.each([
    '',
    '10.0.0.0/33',
    '::/129',
    '10/8',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    'n8n',
    'fe80::1%lo/64',
  ])('"%s" is no network', (text) => {
    expect(parseNetwork(text)).toBeNull();
  });

  test('all wrong entries of a list are named at once', () => {
    expect(() => parseNetworks(['10.0.0.0/8', 'a', 'b/1'], 'FETCH_ALLOW_PRIVATE')).toThrow(
      'FETCH_ALLOW_PRIVATE has entries that are no networks: a, b/1',
    );
  });

  test('an address has one canonical spelling', () => {
    expect(canonicalAddress('::FFFF:127.0.0.1')).toBe('127.0.0.1');
    expect(canonicalAddress('0:0:0:0:0:0:0:1')).toBe('::1');
    expect(canonicalAddress('here')).toBeNull();
  });
});
