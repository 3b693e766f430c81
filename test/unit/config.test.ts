import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fetcherSettings, isLoopback, youtubeSettings } from '../../backbone/config-slices.ts';
import { readConfig, settingRows } from '../../backbone/config.ts';

describe('the settings', () => {
  test('have a default each, listening on loopback alone', () => {
    expect(readConfig({})).toMatchObject({ HOST: '127.0.0.1', PORT: 8480, dataDir: path.resolve('data') });
  });

  test('take empty values as absent', () => {
    expect(readConfig({ PORT: '', DATA_DIR: '' }).PORT).toBe(8480);
  });

  test('read lists at commas', () => {
    const { FETCH_ALLOW_PRIVATE } = readConfig({ FETCH_ALLOW_PRIVATE: '10.0.0.0/8, ,192.168.1.0/24' });
    expect(FETCH_ALLOW_PRIVATE).toEqual(['10.0.0.0/8', '192.168.1.0/24']);
  });

  test('are refused with every fault named', () => {
    expect(() => readConfig({ PORT: 'soon', LOG_LEVEL: 'loud' })).toThrow(/PORT.*LOG_LEVEL/s);
  });

  test('are described each in the README’s table', () => {
    for (const row of settingRows()) {
      expect(row.name).toMatch(/^[A-Z_]+$/);
      expect(row.description).not.toBe('');
    }
    expect(settingRows().find(({ name }) => name === 'FETCH_ALLOWED_PORTS')?.defaultValue).toBe(
      '80,443,8080,8443',
    );
    expect(settingRows().find(({ name }) => name === 'CRASH_FILE')?.defaultValue).toBe('');
  });
});

describe('ways to read videos', () => {
  test('are all there at first, and can be ordered and switched off', () => {
    expect(youtubeSettings(readConfig({}))).toEqual({
      baseUrl: 'https://www.youtube.com',
      providers: ['innertube', 'watch-page', 'ytdl'],
    });
    const env = { YOUTUBE_PROVIDERS: 'watch-page, innertube', YOUTUBE_URL: 'http://127.0.0.1:9/' };
    expect(youtubeSettings(readConfig(env))).toEqual({
      baseUrl: 'http://127.0.0.1:9',
      providers: ['watch-page', 'innertube'],
    });
  });

  test('are refused when there is no such one', () => {
    expect(() => readConfig({ YOUTUBE_PROVIDERS: 'telepathy', YOUTUBE_URL: 'ftp://a' })).toThrow(
      /YOUTUBE_PROVIDERS.*YOUTUBE_URL/s,
    );
  });
});

describe('callbacks', () => {
  test('may reach loopback only when the backbone is bound to it', () => {
    expect(fetcherSettings(readConfig({})).callbackAllow).toContain('127.0.0.0/8');
    expect(fetcherSettings(readConfig({ HOST: '0.0.0.0', CALLBACK_ALLOW: 'n8n' })).callbackAllow).toEqual([
      'n8n',
    ]);
  });

  test.each([
    ['localhost', true],
    ['::1', true],
    ['127.0.0.1', true],
    ['0.0.0.0', false],
    ['192.168.1.4', false],
  ])('%s is loopback: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
