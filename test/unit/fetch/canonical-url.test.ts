import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalUrl } from '../../../backbone/fetch/canonical-url.ts';

describe('the canonical spelling of an address', () => {
  test.each([
    ['HTTP://Example.ORG', 'http://example.org/'],
    ['https://example.org:443/a', 'https://example.org/a'],
    ['http://example.org:80/a', 'http://example.org/a'],
    ['http://example.org:8080/a', 'http://example.org:8080/a'],
    ['https://example.org./a', 'https://example.org/a'],
    ['https://example.org../a', 'https://example.org/a'],
    ['https://example.org/a#part', 'https://example.org/a'],
    ['https://example.org/a#', 'https://example.org/a'],
    ['https://example.org/a#!/page/2', 'https://example.org/a#!/page/2'],
    ['https://example.org/a?', 'https://example.org/a'],
    ['https://example.org/a?utm_source=x&UTM_Medium=y', 'https://example.org/a'],
    ['https://example.org/a?b=2&gclid=1&a=1&fbclid', 'https://example.org/a?b=2&a=1'],
    ['https://example.org/a?utm%5Fsource=x&q=1', 'https://example.org/a?q=1'],
    ['https://example.org/a?mc_cid=1&mc_eid=2&p=3', 'https://example.org/a?p=3'],
    ['https://example.org/a?b=&&a', 'https://example.org/a?b=&a'],
    ['https://example.org/a?source=utm_source', 'https://example.org/a?source=utm_source'],
    [`https://example.org/a?utm_${'x'.repeat(99)}=1`, `https://example.org/a?utm_${'x'.repeat(99)}=1`],
    ['https://example.org/%7euser/%c3%a9', 'https://example.org/~user/%C3%A9'],
    ['https://example.org/é', 'https://example.org/%C3%A9'],
    ['https://example.org/a/%2e%2E/b', 'https://example.org/b'],
    ['https://example.org/a%2Fb', 'https://example.org/a%2Fb'],
    ['https://example.org/%%34%31', 'https://example.org/%2541'],
    ['https://example.org/100%', 'https://example.org/100%25'],
    ['https://example.org/Case/', 'https://example.org/Case/'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
  ])('%s becomes %s', (given, expected) => {
    expect(canonicalUrl(given)).toBe(expected);
  });

  test('what is no address is refused', () => {
    expect(() => canonicalUrl('example.org/a')).toThrow(expect.objectContaining({ code: 'url_invalid' }));
  });

  const urls = fc
    .tuple(
      fc.constantFrom('http:', 'HTTPS:'),
      fc.constantFrom('Example.org', 'a.b.', '127.1', '[::1]', 'bücher.example', 'x.example:80', '1.2.3.4..'),
      fc.array(fc.constantFrom('/', '..', '%2e', '%', '%41', '%25', 'é', 'a', '\\', ';', ' ', "'"), {
        maxLength: 12,
      }),
      fc.array(
        fc.constantFrom('&', '=', '%', '%3d', 'utm_x', 'q', '+', '%2B', '#', '!', '?', 'ß', '"', '%26'),
        {
          maxLength: 14,
        },
      ),
    )
    .map(([scheme, host, path, query]) => `${scheme}//${host}/${path.join('')}?${query.join('')}`);

  test('made canonical twice it stays the same', () => {
    fc.assert(
      fc.property(fc.oneof(urls, fc.webUrl({ withQueryParameters: true, withFragments: true })), (url) => {
        const once = canonicalUrl(url);
        expect(canonicalUrl(once)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });

  test('tracking parameters, fragment, default port and the case of the host change nothing', () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ['https'], withQueryParameters: true }), (text) => {
        const url = new URL(text);
        const query = url.search === '' ? '?utm_campaign=x' : `${url.search}&utm_campaign=x`;
        const same = `https://${url.hostname.toUpperCase()}:443${url.pathname}${query}#there`;
        expect(canonicalUrl(same)).toBe(canonicalUrl(text));
      }),
    );
  });
});
