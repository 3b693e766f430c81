import { AppError } from '../../errors.ts';
import type { LimitedLlm } from '../../models/llm.ts';
import type { ProcessedArtifact } from '../artifacts.ts';
import type { StageContext } from '../content-manager.ts';
import { allowsLlm } from '../job-options.ts';
import type { ContentWarning } from '../model.ts';
import { readDescription, type Description } from './description-answer.ts';
import { descriptionRequest, excerptOf, type Describable } from './description-request.ts';

/** The source of facts that a language model wrote. */
export const LLM_SOURCE = 'llm';

export interface Described {
  readonly artifact: ProcessedArtifact;
  readonly warnings: readonly ContentWarning[];
}

/** Summary, tags and title by the language model, where one is set and may be asked; what we have ourselves stays where it fails. */
export async function describe(
  llm: LimitedLlm | null,
  artifact: ProcessedArtifact,
  { job, signal, logger }: Pick<StageContext, 'job' | 'signal' | 'logger'>,
): Promise<Described> {
  if (llm === null || !allowsLlm(job.options)) return { artifact, warnings: [] };
  const { processed, extraction } = artifact;
  const title = extraction.metadata.title?.value ?? null;
  const outcome = await ask(llm, { title, language: processed.language, text: processed.text }, signal);
  if (!(outcome instanceof AppError))
    return { artifact: withDescription(artifact, outcome, llm.model), warnings: [] };
  const { code, message } = outcome;
  logger.warn({ code, model: llm.model }, message);
  const warning: ContentWarning = { code, message };
  const warnings = [...extraction.warnings, warning];
  return { artifact: { ...artifact, extraction: { ...extraction, warnings } }, warnings: [warning] };
}

async function ask(
  llm: LimitedLlm,
  content: Describable,
  signal: AbortSignal,
): Promise<Description | AppError> {
  const reply = await llm.ask(descriptionRequest(content), signal);
  switch (reply.kind) {
    case 'budget_spent':
      return new AppError('llm_budget_spent');
    case 'failed':
      return new AppError('llm_failed', { params: { reason: reply.reason } });
    case 'answered': {
      const seen = `${content.title ?? ''}\n${excerptOf(content.text)}`;
      const read = readDescription(reply.text, seen);
      if (read.kind === 'description') return read.description;
      return new AppError('llm_failed', { params: { reason: read.reason } });
    }
  }
}

function withDescription(
  artifact: ProcessedArtifact,
  { summary, tags, title }: Description,
  model: string,
): ProcessedArtifact {
  const { extraction, processed } = artifact;
  const metadata =
    title === null
      ? extraction.metadata
      : { ...extraction.metadata, title: { value: title, source: LLM_SOURCE } };
  return {
    ...artifact,
    extraction: { ...extraction, metadata },
    processed: { ...processed, summary },
    described: { model, tags },
  };
}
