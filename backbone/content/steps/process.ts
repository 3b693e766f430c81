import { AppError } from '../../errors.ts';
import type { ExtractionArtifact, ProcessedArtifact, ProcessedText } from '../artifacts.ts';
import type { ManagerPorts, StageContext, StageResult } from '../content-manager.ts';
import { describe } from './describe.ts';

const ANALYSIS = new URL('./analyse.ts', import.meta.url).href;
const MAX_LINKS = 500;

/** Clean text, chunks, language, keywords, names and summary; where a language model is set, what it makes of them. */
export async function processText(ports: ManagerPorts, context: StageContext): Promise<StageResult> {
  const { source, extraction, unfinished } = context.input as ExtractionArtifact;
  const processed = await ports.parsePool.run<ProcessedText>(
    { moduleUrl: ANALYSIS, exportName: 'analyse', input: extraction },
    { signal: context.signal, onProgress: (done, total) => context.progress(done / total) },
  );
  if (processed.chunks.length === 0) throw new AppError('no_text');
  const { blocks: _blocks, links, ...rest } = extraction;
  const artifact: ProcessedArtifact = {
    source,
    extractionKey: context.job.input_key ?? '',
    extraction: rest,
    links: [...new Set(links.map((link) => link.url))].slice(0, MAX_LINKS),
    processed,
    ...(unfinished === undefined ? {} : { unfinished }),
  };
  const described = await describe(ports.llm, artifact, context);
  return { kind: 'next', ...described };
}
