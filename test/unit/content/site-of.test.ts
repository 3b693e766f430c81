import { expect, test } from '@jest/globals';
import { siteNamed, siteOf } from '../../../backbone/content/site-of.ts';

test.each([
  ['https://www.Example.COM/a?b', 'example.com'],
  ['http://docs.example.com:8080/', 'docs.example.com'],
  ['https://wwwx.example.com/', 'wwwx.example.com'],
  ['https://bücher.example/', 'xn--bcher-kva.example'],
  ['upload:abc', null],
  ['no address', null],
  [null, null],
])('the site of %s is %s', (url, site) => {
  expect(siteOf(url)).toBe(site);
});

test('a host that somebody types is compared as addresses are', () => {
  expect(siteNamed('WWW.Example.com')).toBe('example.com');
});
