/** What the graph holds of a paper: its own keys, and those of what it cites. Pure. */
import type { CitedWork, PaperGraph } from '../../stores/graph/graph-store.ts';
import type { JsonObject, JsonValue } from '../model.ts';

const MOST_TOPICS = 20;
const MAX_NAME_LENGTH = 200;

/** From the details as they are stored, so that a paper that was read long ago gives the same. */
export function paperGraph(details: JsonObject): PaperGraph {
  const subjects = listOf(details['subjects']);
  return {
    keys: keysOf(details),
    cites: listOf(details['references']).flatMap(citedWork),
    venue: textOf(details['venue']),
    topics: subjects
      .map(textOf)
      .filter((topic) => topic !== null)
      .slice(0, MOST_TOPICS),
  };
}

/** Only what a certain id names is a node. */
function citedWork(reference: JsonValue): CitedWork[] {
  if (!isObject(reference)) return [];
  const keys = keysOf(reference);
  const name = (textOf(reference['title']) ?? textOf(reference['text']) ?? keys[0] ?? '').slice(
    0,
    MAX_NAME_LENGTH,
  );
  return keys.length === 0 ? [] : [{ keys, name: name.toWellFormed() }];
}

function keysOf({ doi, arxivId }: JsonObject): readonly string[] {
  const [doiText, arxivText] = [textOf(doi), textOf(arxivId)];
  return [
    ...(doiText === null ? [] : [`doi:${doiText}`]),
    ...(arxivText === null ? [] : [`arxiv:${arxivText}`]),
  ];
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
