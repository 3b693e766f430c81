import type { JobSource } from '../../stores/records/entities.ts';
import { ContentManager, type StageContext, type StageResult } from '../content-manager.ts';
import { paperAddress } from './scholarly-ids.ts';

/** Reads the PDF of a paper whose page was named, where the site's rules tell its address. */
export class AcademicPaperManager extends ContentManager {
  protected override download(context: StageContext): Promise<StageResult> {
    const { job } = context;
    return super.download({ ...context, job: { ...job, source: paperSource(job.source) } });
  }
}

/** The source of the file itself, in place of the page about it. */
export function paperSource(source: JobSource): JobSource {
  const url = source.kind === 'url' ? URL.parse(source.url) : null;
  const pdfUrl = url === null ? null : (paperAddress(url)?.pdfUrl ?? null);
  return pdfUrl === null ? source : { kind: 'url', url: pdfUrl };
}
