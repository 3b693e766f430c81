import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';
import { PDFParse } from 'pdf-parse';
import type { BatchItem } from '../../backbone/cli/client.ts';
import { articlePage } from '../support/articles.ts';
import { startSite } from '../support/loopback-site.ts';
import { buildPdf, columnOf } from '../support/pdf-builder.ts';
import type { BackboneProcess } from './backbone-process.ts';
import { median, timedRuns, type Figure, type Goal } from './figure.ts';
import { createProse } from './prose.ts';
import { completion } from './scripted-jobs.ts';
import type { Workspace } from './workspace.ts';

const RUNS = 5;
/** As many pages as it takes until compiling hardly shows. */
const WARM_UP_RUNS = 3;
const PAGE_BYTES = 300_000;
/**
 * Of 53 pages of 240 to 360 KB among trafilatura's and Readability's samples half hold less than 5 KB of
 * text and nine tenths less than 20 KB; the rest is markup, navigation and scripts.
 */
const USUAL_TEXT_BYTES = 5_000;
const LONG_TEXT_BYTES = 20_000;
const PDF_PAGES = 100;
/** Of 14 words each: the usual 500 words of a full page. */
const LINES_A_PAGE = 36;

/** Web pages from their submit to their end, through every stage; the first ones warm up what it needs. */
export async function measureWebPages(backbone: BackboneProcess): Promise<readonly Figure[]> {
  return [
    await measurePage(backbone, USUAL_TEXT_BYTES, { atMost: 1 }),
    await measurePage(backbone, LONG_TEXT_BYTES, null),
  ];
}

async function measurePage(backbone: BackboneProcess, textBytes: number, goal: Goal | null): Promise<Figure> {
  const site = await startSite();
  try {
    const page = (run: number): string => largePage(textBytes + run, textBytes);
    const ingested = async (run: number): Promise<void> => {
      site.on(`/${run}`, { headers: { 'content-type': 'text/html' }, body: page(run) });
      await ingest(backbone, { url: `${site.url}/${run}` });
    };
    await timedRuns(WARM_UP_RUNS, (run) => ingested(RUNS + run));
    const times = await timedRuns(RUNS, ingested);
    const bare = await timedRuns(RUNS, async (run) => {
      new Readability(documentOf(page(run))).parse();
    });
    return {
      name: `web page of 300 KB (${textBytes / 1000} KB of text)`,
      unit: 's',
      value: median(times) / 1000,
      goal,
      peer: { name: 'Readability alone', value: median(bare) / 1000 },
    };
  } finally {
    await site.stop();
  }
}

/** A PDF full of text from the upload to its end; once, since embedding it takes long. */
export async function measurePdf(
  backbone: BackboneProcess,
  workspace: Workspace,
): Promise<readonly Figure[]> {
  const ingested = async (run: number): Promise<void> => {
    const file = path.join(workspace.folder, `report-${run}.pdf`);
    await writeFile(file, longPdf(run + 1));
    const { upload_id } = await backbone.client.upload({ path: file, name: path.basename(file) }, patience());
    await ingest(backbone, { upload_id });
  };
  const times = await timedRuns(1, ingested);
  const bare = await timedRuns(RUNS, async (run) => {
    const parser = new PDFParse({ data: longPdf(run + 1) });
    await parser.getText();
    await parser.destroy();
  });
  return [
    {
      name: 'PDF of 100 full pages',
      unit: 's',
      value: median(times) / 1000,
      goal: { atMost: 10 },
      peer: { name: 'pdf-parse alone', value: median(bare) / 1000 },
    },
  ];
}

async function ingest(backbone: BackboneProcess, item: BatchItem): Promise<void> {
  const { items } = await backbone.client.submit({ items: [item], open: false });
  const jobId = items[0]?.job_id ?? null;
  if (jobId === null) throw new Error(`The job was refused: ${items[0]?.message ?? 'no reason given'}`);
  await completion(backbone, jobId);
}

function patience(): AbortSignal {
  return AbortSignal.timeout(120_000);
}

function largePage(seed: number, textBytes: number): string {
  const { sentence, paragraph } = createProse(seed);
  const sections: { heading: string; paragraphs: string[] }[] = [];
  for (let size = 0; size < textBytes; ) {
    const paragraphs = Array.from({ length: 6 }, paragraph);
    sections.push({ heading: sentence(), paragraphs });
    size += paragraphs.join('').length;
  }
  const page = articlePage({ title: `Survey number ${seed}`, author: 'Ada Field', sections });
  return page.replace('</nav>', `${linksOf(PAGE_BYTES - page.length)}</nav>`);
}

function documentOf(html: string): Document {
  const window: unknown = parseHTML(html);
  return (window as { readonly document: Document }).document;
}

type Document = ConstructorParameters<typeof Readability>[0];

/** Navigation of about so many bytes. */
function linksOf(bytes: number): string {
  const link = (index: number): string =>
    `<div class="menu-column column-${index % 7}"><a href="/archive/${index}" data-track="menu:${index}">Part ${index}</a></div>`;
  return Array.from({ length: Math.ceil(bytes / link(1000).length) }, (_, index) => link(index)).join('');
}

function longPdf(seed: number): Uint8Array {
  const { sentence } = createProse(seed);
  const pages = Array.from({ length: PDF_PAGES }, (_, page) => ({
    runs: [
      ...columnOf([`Survey number ${seed}`], { x: 60, y: 810, size: 8 }),
      ...columnOf([`Chapter ${page + 1}`], { x: 60, y: 780, size: 16, font: 'bold' }),
      ...columnOf(Array.from({ length: LINES_A_PAGE }, sentence), { x: 60, y: 750, leading: 14, size: 9 }),
      ...columnOf([`${page + 1}`], { x: 300, y: 30, size: 8 }),
    ],
  }));
  return buildPdf({ pages });
}
