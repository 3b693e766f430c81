import { describe, expect, test } from '@jest/globals';
import { idsOf } from '../../../backbone/content/academic-paper/services/paper-record.ts';
import {
  parseServices,
  type ScholarSettings,
} from '../../../backbone/content/academic-paper/services/scholar-settings.ts';
import { ScholarServices } from '../../../backbone/content/academic-paper/services/scholar-services.ts';
import { AppError } from '../../../backbone/errors.ts';
import { openMemoryCache } from '../../../backbone/stores/cache/memory-cache.ts';
import { fakeFetcher, type FakeAnswer, type FakeFetcher } from '../../support/fake-answers.ts';

const DOI = idsOf({ kind: 'doi', id: '10.1000/a' });
const ARXIV = idsOf({ kind: 'arxiv', id: '1706.03762' });
const signal = new AbortController().signal;
const work = (fields: object = {}): FakeAnswer => ({
  body: JSON.stringify({ message: { DOI: '10.1000/a', title: ['Lamps'], ...fields } }),
});
const ATOM = `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"><entry>
  <id>http://arxiv.org/abs/1706.03762v5</id><title>Lamps</title><arxiv:doi>10.1000/a</arxiv:doi></entry></feed>`;

interface Opened {
  readonly services: ScholarServices;
  readonly fetcher: FakeFetcher;
  readonly pass: (ms: number) => void;
  readonly cache: ReturnType<typeof openMemoryCache>;
}

function open(
  answers: Readonly<Record<string, FakeAnswer | Error>>,
  items = ['crossref'],
  settings: Partial<ScholarSettings> = {},
): Opened {
  let at = 0;
  const fetcher = fakeFetcher(answers);
  const cache = openMemoryCache({ now: () => at, onListenerError: () => undefined });
  const services = new ScholarServices(
    { services: parseServices(items).services, mailto: 'a@b.example', ...settings },
    {
      fetcher,
      cache,
      now: () => new Date(0),
      clock: {
        now: () => at,
        setTimer: (callback, delayMs) => {
          at += delayMs;
          queueMicrotask(callback);
          return () => undefined;
        },
      },
    },
  );
  return { services, fetcher, cache, pass: (ms) => void (at += ms) };
}

describe('the services that know papers', () => {
  test('are asked once in a week, and again for what they did not know the next day', async () => {
    const { services, fetcher, pass } = open({ 'https://api.crossref.org/works/10.1000%2Fa': work() });
    const other = idsOf({ kind: 'doi', id: '10.1000/b' });
    for (let day = 0; day < 2; day += 1) {
      const { known, warnings } = await services.askAll(DOI, signal);
      expect(known).toMatchObject([{ service: 'crossref', record: { title: 'Lamps' } }]);
      expect(warnings).toEqual([]);
      expect(await services.askAll(other, signal)).toEqual({ known: [], warnings: [] });
      pass(86_400_000);
    }
    expect(fetcher.asked.map((url) => url.split('?')[0])).toEqual([
      'https://api.crossref.org/works/10.1000%2Fa',
      'https://api.crossref.org/works/10.1000%2Fb',
      'https://api.crossref.org/works/10.1000%2Fb',
    ]);
  });

  test('are not asked without an address to write to, or when they are off', async () => {
    for (const { services, fetcher } of [open({}, ['crossref'], { mailto: '' }), open({}, ['off'])]) {
      expect(await services.askAll(DOI, signal)).toEqual({ known: [], warnings: [] });
      expect(fetcher.asked).toEqual([]);
    }
  });

  test('that cannot be reached are left alone for a minute', async () => {
    const lost = new AppError('connection_failed', { params: { host: 'api.crossref.org' } });
    const { services, fetcher, pass } = open({ 'https://api.crossref.org': lost });
    for (let time = 0; time < 3; time += 1) {
      expect((await services.askAll(DOI, signal)).warnings).toEqual([
        {
          code: 'service_unavailable',
          message: `Crossref could not be asked about this paper: ${lost.message}`,
        },
      ]);
    }
    expect(fetcher.asked).toHaveLength(1);
    pass(60_001);
    await services.askAll(DOI, signal);
    expect(fetcher.asked).toHaveLength(2);
  });

  test('that ask for patience get as much as they ask for', async () => {
    const { services, fetcher, pass } = open({
      'https://api.crossref.org': { status: 429, headers: { 'retry-after': '300' } },
    });
    await services.askAll(DOI, signal);
    pass(299_000);
    await services.askAll(DOI, signal);
    expect(fetcher.asked).toHaveLength(1);
    pass(1_001);
    await services.askAll(DOI, signal);
    expect(fetcher.asked).toHaveLength(2);
  });

  test.each([
    ['{"message": 1}', 'its answer has another shape than it should.'],
    ['no JSON', 'not valid JSON'],
  ])('that answer %s are a warning, and are asked about the next paper', async (body, reason) => {
    const { services, fetcher } = open({ 'https://api.crossref.org': { body } });
    for (const id of ['10.1000/a', '10.1000/b'])
      expect((await services.askAll(idsOf({ kind: 'doi', id }), signal)).warnings[0]?.message).toContain(
        reason,
      );
    expect(fetcher.asked).toHaveLength(2);
  });

  test('that do not answer in time are a warning', async () => {
    const late = Object.assign(new Error('late'), { name: 'TimeoutError' });
    const { services } = open({ 'https://api.crossref.org': late });
    expect((await services.askAll(DOI, signal)).warnings[0]?.message).toContain('within 10 seconds');
  });

  test('end with the signal', async () => {
    const controller = new AbortController();
    controller.abort(new Error('cancelled'));
    await expect(open({}).services.askAll(DOI, controller.signal)).rejects.toThrow('cancelled');
  });

  test('tell each other ids: the DOI that arXiv knows is what Crossref is asked by', async () => {
    const { services, fetcher } = open(
      { 'http://a.example/x/api/query': { body: ATOM }, 'https://api.crossref.org': work() },
      ['crossref', 'arxiv=http://a.example/x/', 'datacite', 'unpaywall'],
    );
    const { known } = await services.askAll(ARXIV, signal);
    expect(known.map(({ service }) => service)).toEqual(['arxiv', 'crossref']);
    expect(fetcher.asked.map((url) => new URL(url).hostname)).toEqual([
      'a.example',
      'api.crossref.org',
      'api.datacite.org',
      'api.unpaywall.org',
    ]);
  });

  test('for data sets are asked where the one for articles knows nothing', async () => {
    const one = open({ 'https://api.crossref.org': work() }, ['crossref', 'datacite']);
    await one.services.askAll(DOI, signal);
    expect(one.fetcher.asked).toHaveLength(1);
    const other = open({}, ['crossref', 'datacite']);
    await other.services.askAll(DOI, signal);
    expect(other.fetcher.asked).toHaveLength(2);
  });

  test('say where the full text lies', async () => {
    const result = [{ pmcid: 'PMC7', inEPMC: 'Y', isOpenAccess: 'Y' }];
    const { services } = open(
      { 'http://e.example/search': { body: JSON.stringify({ resultList: { result } }) } },
      ['europe-pmc=http://e.example'],
    );
    const { known } = await services.askAll(DOI, signal);
    expect(services.fullTextUrl(known)).toBe('http://e.example/PMC7/fullTextXML');
    expect(services.fullTextUrl([])).toBeNull();
  });

  test('are asked anew where the cache holds what another release wrote', async () => {
    const { services, cache, fetcher } = open({ 'https://api.crossref.org': work() });
    await cache.set(
      'scholar:crossref:https://api.crossref.org/works/10.1000%2Fa?mailto=a%40b.example',
      '{"old": true}',
      1000,
    );
    expect((await services.askAll(DOI, signal)).known).toHaveLength(1);
    expect(fetcher.asked).toHaveLength(1);
  });
});

describe('the setting of services', () => {
  test('names them, with other addresses where need be', () => {
    const { services, faults } = parseServices(['crossref', 'europe-pmc=https://m.example/base/']);
    expect([...services]).toEqual([
      ['crossref', null],
      ['europe-pmc', 'https://m.example/base'],
    ]);
    expect(faults).toEqual([]);
    expect(parseServices(['off'])).toEqual({ services: new Map(), faults: [] });
  });

  test('tells every fault', () => {
    expect(parseServices(['off', 'crossref=ftp://x', 'arxiv=x', 'openalex']).faults).toHaveLength(3);
  });
});
