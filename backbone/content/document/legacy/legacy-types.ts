/** Office files of the old kind, and what they are turned into before they are read. */
import { DOCX_TYPE, PPTX_TYPE, XLSX_TYPE } from '../../parsing/media-type.ts';

export interface Conversion {
  /** Endings of the file and of what it becomes. */
  readonly from: 'doc' | 'xls' | 'ppt';
  readonly to: 'docx' | 'xlsx' | 'pptx';
  readonly mediaType: string;
}

export const LEGACY_CONVERSIONS: ReadonlyMap<string, Conversion> = new Map([
  ['application/msword', { from: 'doc', to: 'docx', mediaType: DOCX_TYPE }],
  ['application/vnd.ms-excel', { from: 'xls', to: 'xlsx', mediaType: XLSX_TYPE }],
  ['application/vnd.ms-powerpoint', { from: 'ppt', to: 'pptx', mediaType: PPTX_TYPE }],
]);
