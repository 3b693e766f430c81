import { presentSearch } from '../content-presenters.ts';
import { given } from '../given.ts';
import { jsonBody, NO_INPUT, route, type Reply, type RequestContext, type Route } from '../route.ts';
import { searchAnswer, searchInput, type SearchInput } from '../schemas/search.ts';
import { demandKnownType } from '../submissions.ts';

const shared = {
  tag: 'Search',
  scope: 'read',
  responses: { 200: { description: 'Passages, the best first', schema: searchAnswer } },
  errors: ['unknown_content_type', 'embedder_unavailable'],
} as const;

export const searchRoutes: readonly Route[] = [
  route({
    ...NO_INPUT,
    ...shared,
    id: 'search',
    method: 'GET',
    path: '/search',
    summary: 'Find passages by meaning and by words, each with its source',
    query: searchInput,
    handler: ({ query }, context) => search(query, context),
  }),
  route({
    ...NO_INPUT,
    ...shared,
    id: 'searchByPost',
    method: 'POST',
    path: '/search',
    summary: 'The same with the fields as JSON',
    body: jsonBody(searchInput),
    handler: ({ body }, context) => search(body, context),
  }),
];

async function search(input: SearchInput, context: RequestContext): Promise<Reply> {
  const { services, caller, signal, elapsed } = context;
  for (const type of input.content_types ?? []) demandKnownType(type, services.types);
  const startedMs = elapsed();
  const result = await services.search.search({
    userId: caller.userId,
    query: input.query,
    mode: input.mode,
    limit: input.limit,
    offset: input.offset,
    signal,
    ...given({
      contentTypes: input.content_types,
      contentIds: input.content_ids,
      language: input.language,
      tags: input.tags,
      author: input.author,
      publishedFrom: input.published_from,
      publishedTo: input.published_to,
      site: input.site,
      minPages: input.min_pages,
      maxPages: input.max_pages,
      minDuration: input.min_duration,
      maxDuration: input.max_duration,
    }),
  });
  return { status: 200, body: presentSearch(input.query, elapsed() - startedMs, result) };
}
