/** Fetches the few files that a feed names beside an episode. */
import { AppError } from '../../errors.ts';
import type { StageContext } from '../content-manager.ts';
import type { ContentWarning } from '../model.ts';
import { fetchText } from '../transcripts/fetch-text.ts';
import type { Companion, EpisodeFile, FeedEpisode, StoredEpisode } from './episode.ts';
import type { FetchPorts } from '../fetched-file.ts';

/** Transcripts that are tried, best first, until one is there. */
const MOST_TRIED = 3;

/** A file that cannot be fetched is a warning; only the signal's reason is thrown. */
export async function withCompanions(
  ports: FetchPorts,
  episode: FeedEpisode,
  { signal }: Pick<StageContext, 'signal'>,
): Promise<StoredEpisode> {
  const warnings: ContentWarning[] = [];
  const firstOf = async (files: readonly EpisodeFile[], what: string): Promise<Companion | null> => {
    for (const { url } of files) {
      try {
        return { url, text: await fetchText(ports, url, signal) };
      } catch (error) {
        signal.throwIfAborted();
        warnings.push(missing(what, url, error));
      }
    }
    return null;
  };
  const transcript = await firstOf(episode.transcripts.slice(0, MOST_TRIED), 'transcript');
  const chapters = await firstOf(episode.chapters === null ? [] : [episode.chapters], 'list of chapters');
  return { episode, transcript, chapters, warnings };
}

/** Whatever is no failure of the source is a defect. */
function missing(what: string, url: string, error: unknown): ContentWarning {
  if (!(error instanceof AppError)) throw error;
  return {
    code: 'companion_missing',
    message: `The ${what} at ${url} could not be fetched: ${error.message}`,
  };
}
