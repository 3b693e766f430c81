import { z } from 'zod';
import { bibtex } from '../../content/academic-paper/citation/bibtex.ts';
import {
  citationRecord,
  type CitationRecord,
} from '../../content/academic-paper/citation/citation-record.ts';
import { cslJson } from '../../content/academic-paper/citation/csl-json.ts';
import { ris } from '../../content/academic-paper/citation/ris.ts';
import { contentKey } from '../content-key.ts';
import { NO_INPUT, route, type Route } from '../route.ts';
import { pathId } from '../schemas/common.ts';

interface CitationFormat {
  readonly mediaType: string;
  readonly write: (record: CitationRecord) => string;
}

const FORMATS = {
  bibtex: { mediaType: 'application/x-bibtex; charset=utf-8', write: bibtex },
  ris: { mediaType: 'application/x-research-info-systems; charset=utf-8', write: ris },
  'csl-json': { mediaType: 'application/vnd.citationstyles.csl+json', write: cslJson },
} as const satisfies Readonly<Record<string, CitationFormat>>;

const query = z.object({ format: z.enum(['bibtex', 'ris', 'csl-json']).default('bibtex') });

export const citationRoutes: readonly Route[] = [
  route({
    ...NO_INPUT,
    id: 'getCitation',
    method: 'GET',
    path: '/content/academic_paper/{content_id}/citation',
    tag: 'Content',
    summary: 'An academic paper as BibTeX, RIS or CSL-JSON',
    scope: 'read',
    params: z.object({ content_id: pathId }),
    query,
    responses: { 200: { description: 'The citation', schema: z.string(), mediaType: '*/*' } },
    errors: ['not_found'],
    handler: async ({ params, query: { format } }, context) => {
      const key = contentKey({ type: 'academic_paper', content_id: params.content_id }, context);
      const { mediaType, write } = FORMATS[format];
      const body = write(citationRecord(await context.services.contents.get(key)));
      return { status: 200, headers: { 'content-type': mediaType }, body };
    },
  }),
];
