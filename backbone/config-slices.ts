/** What the parts need of the settings, each in its own terms. Pure. */
import path from 'node:path';
import type { Config } from './config.ts';
import { parseServices, type ScholarSettings } from './content/academic-paper/services/scholar-settings.ts';
import type { ContentLimits } from './content/content-manager.ts';
import type { LibreOfficeOptions } from './content/document/legacy/libreoffice.ts';
import type { ParsePoolOptions } from './content/parsing/parse-pool.ts';
import type { YoutubeSettings } from './content/video/youtube-provider.ts';
import type { FetcherSettings } from './fetch/open-fetcher.ts';

const SECOND_MS = 1000;
const MEBIBYTE = 1024 * 1024;
const LOOPBACK = ['127.0.0.0/8', '::1/128', 'localhost'];

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** Callbacks may reach this machine when the backbone itself can only be reached from it. */
export function fetcherSettings(config: Config): FetcherSettings {
  return {
    allowPrivate: config.FETCH_ALLOW_PRIVATE,
    callbackAllow: [...config.CALLBACK_ALLOW, ...(isLoopback(config.HOST) ? LOOPBACK : [])],
    allowedPorts: config.FETCH_ALLOWED_PORTS.map(Number),
    userAgent: config.FETCH_USER_AGENT,
    totalTimeoutMs: config.FETCH_TIMEOUT_SECONDS * SECOND_MS,
    connectTimeoutMs: 10 * SECOND_MS,
    idleTimeoutMs: 30 * SECOND_MS,
    maxRedirects: 5,
    perHostConcurrency: config.FETCH_PER_HOST,
    perHostDelayMs: config.FETCH_DELAY_MS,
    robots: config.FETCH_ROBOTS,
  };
}

export function contentLimits(config: Config): ContentLimits {
  return {
    sourceBytes: config.MAX_SOURCE_MB * MEBIBYTE,
    bytesBySetting: {
      MAX_PAGE_MB: config.MAX_PAGE_MB * MEBIBYTE,
      MAX_DOCUMENT_MB: config.MAX_DOCUMENT_MB * MEBIBYTE,
      MAX_VIDEO_MB: config.MAX_VIDEO_MB * MEBIBYTE,
    },
    textBytes: config.MAX_TEXT_MB * MEBIBYTE,
    maxPages: config.MAX_PAGES,
    recordingBytes: config.MAX_AUDIO_MB * MEBIBYTE,
    recordingSeconds: config.MAX_AUDIO_MINUTES * 60,
    transcriberUploadBytes: config.TRANSCRIBER_UPLOAD_MB * MEBIBYTE,
    ocr: {
      mode: config.OCR,
      languages: config.OCR_LANGUAGES,
      dataFolder: config.OCR_DATA === undefined ? null : path.resolve(config.OCR_DATA),
      maxPages: config.OCR_MAX_PAGES,
      pageTimeoutMs: config.OCR_PAGE_SECONDS * SECOND_MS,
      totalTimeoutMs: config.OCR_SECONDS * SECOND_MS,
    },
  };
}

export function youtubeSettings(config: Config): YoutubeSettings {
  return { baseUrl: config.YOUTUBE_URL, providers: config.YOUTUBE_PROVIDERS };
}

export function scholarSettings(config: Config): ScholarSettings {
  return { services: parseServices(config.SCHOLAR_SERVICES).services, mailto: config.SCHOLAR_MAILTO };
}

/** Where a shell finds its own tools when nobody says where programs are. */
const SYSTEM_FOLDERS = '/usr/bin:/bin';

export function officeOptions(config: Config): Omit<LibreOfficeOptions, 'temporaryFiles'> {
  return {
    program: config.LIBREOFFICE_PATH,
    searchPath: config.searchPath === '' ? SYSTEM_FOLDERS : config.searchPath,
    timeoutMs: config.PARSER_TIMEOUT_SECONDS * SECOND_MS,
    maxBytes: config.MAX_DOCUMENT_MB * MEBIBYTE,
  };
}

export function parsePoolOptions(config: Config): ParsePoolOptions {
  return {
    threads: config.PARSER_THREADS,
    maxHeapMb: config.PARSER_MEMORY_MB,
    timeoutMs: config.PARSER_TIMEOUT_SECONDS * SECOND_MS,
    maxMoreTimeMs: config.OCR_SECONDS * SECOND_MS,
    timeoutSetting: 'PARSER_TIMEOUT_SECONDS',
  };
}
