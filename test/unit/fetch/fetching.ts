import type { Dial } from '../../../backbone/fetch/dialler.ts';
import { dialPinned } from '../../../backbone/fetch/dialler.ts';
import type { FetchRequest, FetchResponse } from '../../../backbone/fetch/fetcher.ts';
import type { FetcherSettings } from '../../../backbone/fetch/open-fetcher.ts';

/** Settings under which loopback may be fetched and nothing waits longer than a test can. */
export const SETTINGS: FetcherSettings = {
  allowPrivate: ['127.0.0.0/8'],
  callbackAllow: ['127.0.0.0/8'],
  allowedPorts: [80, 443, 8080, 8443],
  userAgent: 'content-ingestion-tests/1.0 (+https://example.org)',
  totalTimeoutMs: 10_000,
  connectTimeoutMs: 5_000,
  idleTimeoutMs: 5_000,
  maxRedirects: 5,
  perHostConcurrency: 2,
  perHostDelayMs: 0,
  robots: 'ignore',
};

export function contentRequest(url: string, more: Partial<FetchRequest> = {}): FetchRequest {
  return {
    url,
    purpose: 'content',
    signal: new AbortController().signal,
    maxBytes: 1_000_000,
    limitSetting: 'FETCH_MAX_BYTES',
    ...more,
  };
}

export async function textOf(response: FetchResponse): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response.body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Dials a port of loopback, in plain HTTP, whatever the target is, and keeps what was asked for. */
export function dialLoopback(port: number): { readonly dial: Dial; readonly dialled: string[] } {
  const dialled: string[] = [];
  const dial: Dial = (target, callback) => {
    dialled.push(...target.addresses);
    const options = { ...target.options, protocol: 'http:', hostname: '127.0.0.1', port: String(port) };
    dialPinned({ ...target, options, addresses: ['127.0.0.1'] }, callback);
  };
  return { dial, dialled };
}
