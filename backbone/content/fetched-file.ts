import { buffer } from 'node:stream/consumers';
import { throwForStatus } from '../fetch/throw-for-status.ts';
import type { FetchPurpose, FetchResponse } from '../fetch/fetcher.ts';
import type { ManagerPorts } from './content-manager.ts';

export type FetchPorts = Pick<ManagerPorts, 'fetcher' | 'now'>;

export interface FileRequest {
  readonly url: string;
  readonly purpose: FetchPurpose;
  readonly signal: AbortSignal;
  readonly maxBytes: number;
}

export interface FetchedFile {
  readonly bytes: Buffer;
  readonly response: Omit<FetchResponse, 'body'>;
}

/** A small file, whole in memory. @throws AppError source_*, and whatever the fetcher throws; the signal's reason */
export async function fetchFile({ fetcher, now }: FetchPorts, request: FileRequest): Promise<FetchedFile> {
  const { body, ...response } = await fetcher.fetch({ ...request, limitSetting: 'MAX_TEXT_MB' });
  try {
    throwForStatus(response, now().getTime());
    return { bytes: await buffer(body), response };
  } finally {
    body.destroy();
  }
}
