import type { LookupFunction } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import type { buildConnector } from 'undici';
import { dialPinned } from '../../../backbone/fetch/dialler.ts';
import { openFetcher } from '../../../backbone/fetch/open-fetcher.ts';
import { startSite } from '../../support/loopback-site.ts';
import { contentRequest, SETTINGS, textOf } from './fetching.ts';

describe('a connection', () => {
  test('a name is looked up once, and its checked address is the one that is dialled', async () => {
    const site = await startSite();
    site.on('/', { body: 'welcome' });
    let asked = 0;
    const resolve = (): Promise<readonly string[]> => {
      asked += 1;
      return Promise.resolve(['127.0.0.1']);
    };
    const open = openFetcher(SETTINGS, { resolve });
    const response = await open.fetch(contentRequest(`http://pinned.example.org:${site.port}/`));
    expect(await textOf(response)).toBe('welcome');
    expect(asked).toBe(1);
    expect(site.requests[0]?.headers.host).toBe(`pinned.example.org:${site.port}`);
    await open.close();
    await site.stop();
  });

  test('a socket that ended up elsewhere is destroyed unused', async () => {
    const events: string[] = [];
    const socket = { remoteAddress: '10.0.0.1', destroy: () => events.push('destroyed') };
    const build = (() => (_options: unknown, callback: buildConnector.Callback) =>
      callback(null, socket as unknown as Parameters<typeof callback>[1] & object)) as typeof buildConnector;
    const options = { hostname: 'example.org', protocol: 'http:', port: '80' };
    const target = { options, addresses: ['93.184.215.14'], timeoutMs: 1_000, ca: null };
    const error = await new Promise<Error | null>((resolve) =>
      dialPinned(target, (...[failure]) => resolve(failure), build),
    );
    expect(error).toMatchObject({ code: 'url_forbidden' });
    expect(events).toEqual(['destroyed']);
  });
});

describe('the look-up of a connection', () => {
  type Found = readonly [unknown, unknown];

  /** What node:net is told when it looks up the name of a target with these addresses. */
  const found = (addresses: readonly string[], all: boolean): Found => {
    const seen: Found[] = [];
    const build = ((options: { readonly lookup: LookupFunction }) => () => {
      options.lookup('example.org', { all }, (_error, address, family) => seen.push([address, family]));
    }) as unknown as typeof buildConnector;
    const options = { hostname: 'example.org', protocol: 'http:', port: '80' };
    dialPinned({ options, addresses, timeoutMs: 1_000, ca: null }, () => undefined, build);
    return seen[0] ?? [undefined, undefined];
  };

  test('knows the checked addresses and no others', () => {
    const both = [
      { address: '93.184.215.14', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ];
    expect(found(['93.184.215.14', '2606:4700::1'], true)).toEqual([both, undefined]);
    expect(found(['2606:4700::1', '93.184.215.14'], false)).toEqual(['2606:4700::1', 6]);
    expect(found([], false)).toEqual(['', undefined]);
  });

  test('is not needed for a socket that says nothing about its far end: that one is refused', async () => {
    const socket = { destroy: () => undefined };
    const build = (() => (_options: unknown, callback: (error: null, socket: unknown) => void) =>
      callback(null, socket)) as unknown as typeof buildConnector;
    const options = { hostname: '93.184.215.14', protocol: 'http:', port: '80' };
    const target = { options, addresses: ['93.184.215.14'], timeoutMs: 1_000, ca: null };
    const error = await new Promise<Error | null>((resolve) =>
      dialPinned(target, (...[failure]) => resolve(failure), build),
    );
    expect(error).toMatchObject({ code: 'url_forbidden' });
  });
});
