import type { ProcessedText } from '../artifacts.ts';
import { markdownOf } from '../markdown-writer.ts';
import { canonicalText, type Extraction } from '../model.ts';
import type { ParserEvents } from '../parsing/parser.ts';
import { chunkText } from './chunk.ts';
import { cleanBlocks } from './clean.ts';
import { extractEntities } from './entities.ts';
import { fingerprintOf } from './fingerprint.ts';
import { extractKeywords } from './keywords.ts';
import { detectLanguage } from './language.ts';
import { summarise } from './summary.ts';

/** Runs in a worker thread: all of it is computing. */
export async function analyse(extraction: Extraction, events: ParserEvents): Promise<ProcessedText> {
  const steps = 6;
  const blocks = cleanBlocks(extraction.blocks);
  const canonical = canonicalText(blocks);
  const title = extraction.metadata.title?.value ?? null;
  const language = detectLanguage(canonical.text, extraction.metadata.language?.value ?? null);
  events.progress(1, steps);
  const chunks = chunkText(canonical, { title, language });
  events.progress(2, steps);
  const keywords = extractKeywords(canonical.text, language);
  events.progress(3, steps);
  const entities = extractEntities(canonical.text, { language, known: knownNames(extraction) });
  events.progress(4, steps);
  const summary = summarise(canonical.text, { language });
  events.progress(5, steps);
  const fingerprint = fingerprintOf(canonical.text);
  events.progress(6, steps);
  return Promise.resolve({
    text: canonical.text,
    markdown: markdownOf(blocks),
    wordCount: countWords(canonical.text, language),
    language,
    chunks,
    keywords,
    entities,
    summary,
    fingerprint,
  });
}

function knownNames({ metadata }: Extraction): { name: string; type: 'person' | 'organization' }[] {
  const authors = (metadata.authors?.value ?? []).map((name) => ({ name, type: 'person' as const }));
  const site = metadata.siteName ? [{ name: metadata.siteName.value, type: 'organization' as const }] : [];
  return [...authors, ...site];
}

function countWords(text: string, language: string | null): number {
  // Scripts without spaces need the segmenter; for the rest white space is as good and much quicker.
  if (language !== 'zh' && language !== 'ja' && language !== 'th') return text.match(/\S+/g)?.length ?? 0;
  let words = 0;
  for (const segment of new Intl.Segmenter(language, { granularity: 'word' }).segment(text)) {
    if (segment.isWordLike) words += 1;
  }
  return words;
}
