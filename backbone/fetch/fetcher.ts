import type { Readable } from 'node:stream';

/** What a target may be: `content` from strangers, `callback` to webhooks, `service` of the operator's own settings. */
export type FetchPurpose = 'content' | 'callback' | 'service';

export interface FetchRequest {
  readonly url: string;
  readonly purpose: FetchPurpose;
  /** Ends the fetch or its body with the signal's own reason, not with an AppError. */
  readonly signal: AbortSignal;
  readonly method?: 'GET' | 'POST';
  /** Fields that belong to the connection (Host, Content-Length, Accept-Encoding ...) are refused as `invalid_request`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Longest time until the answer is whole, in place of the settings' own: for large files, and for services that compute before they answer. */
  readonly timeoutMs?: number;
  /** Most decoded bytes the body may bring; else `source_too_large` while it is read. */
  readonly maxBytes: number;
  /** Names the setting behind `maxBytes` in the error. */
  readonly limitSetting: string;
}

export interface FetchResponse {
  readonly status: number;
  /** After redirects. */
  readonly url: string;
  /** To ask from now on: after those redirects at the beginning that are permanent (301, 308). */
  readonly permanentUrl: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** From Content-Type, lower case, without parameters; null when absent. */
  readonly mediaType: string | null;
  readonly charset: string | null;
  /** From Content-Disposition or the last part of the path; null when neither names one. */
  readonly fileName: string | null;
  /** From Content-Length, when the body is not compressed. */
  readonly sizeBytes: number | null;
  /** Decoded, capped, ends with an AppError when cut off. Must be read or destroyed. */
  readonly body: Readable;
}

/**
 * The only door to the network. Answers of any status resolve; `throwForStatus` turns one into an error.
 * @throws AppError url_*, host_not_found, connection_*, tls_failed, source_timeout, redirect_limit, source_undecodable ...
 */
export interface Fetcher {
  fetch(request: FetchRequest): Promise<FetchResponse>;
  /** Checks an address without opening it: syntax, scheme, port, literal addresses. @throws AppError url_* or callback_forbidden */
  check(url: string, purpose: FetchPurpose): URL;
  close(): Promise<void>;
}
