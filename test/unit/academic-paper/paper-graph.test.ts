import { expect, test } from '@jest/globals';
import { paperGraph } from '../../../backbone/content/academic-paper/paper-graph.ts';

test('the graph of a paper holds what certain ids name, its venue and topics', () => {
  const references = [
    { doi: '10.1/a', arxivId: '1', title: 'A', text: 'Printed' },
    { doi: null, arxivId: '2', title: null, text: 'Printed' },
    { doi: '10.1/c' },
    { doi: null, arxivId: null, title: 'B' },
    'hostile',
    null,
  ];
  expect(paperGraph({ doi: '10.1/x', arxivId: '', venue: 'V', subjects: ['s', 1], references })).toEqual({
    keys: ['doi:10.1/x'],
    cites: [
      { keys: ['doi:10.1/a', 'arxiv:1'], name: 'A' },
      { keys: ['arxiv:2'], name: 'Printed' },
      { keys: ['doi:10.1/c'], name: 'doi:10.1/c' },
    ],
    venue: 'V',
    topics: ['s'],
  });
  expect(paperGraph({})).toEqual({ keys: [], cites: [], venue: null, topics: [] });
});
