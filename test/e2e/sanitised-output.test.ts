import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { JobRow } from '../../backbone/stores/records/entities.ts';
import { BEES, GLACIER, LIGHTHOUSE } from '../support/articles.ts';
import { ingest, ingestFile, startBackbone, type TestBackbone } from '../support/backbone.ts';
import { clientOf, type Client } from '../support/client.ts';
import { buildEpub, navItem } from '../support/epub-builder.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';
import { dangersIn, isExecutable } from '../support/rendered-markdown.ts';

/** What pages, books, feeds and mails carry when their author hopes for a careless reader. */
const LIVE = `<script>alert('live')</script><img src="x" alt="A picture" onerror="alert(1)">
<img alt="Inline" src="data:image/svg+xml,&lt;svg onload=alert(1)&gt;"><iframe src="javascript:alert(1)"></iframe>
<a href="javascript:alert(1)">first</a> <a href="jav&#x09;ascript:alert(1)">second</a>
<a href=" &#1;javascript:alert(1)">third</a> <a href="JaVaScRiPt&colon;alert(1)">fourth</a>
<a href="data:text/html;base64,PHNjcmlwdD4=">fifth</a> <a href="vbscript:msgbox(1)">sixth</a>
<svg onload="alert(1)"><script>alert('drawn')</script><text>drawing</text></svg><p onclick="alert(1)">Clicked.</p>
<form action="javascript:alert(1)"><button formaction="javascript:alert(2)">Send</button></form>`;
/** The same as text: once unescaped, it would be alive. */
const SHOWN = `Tags such as &lt;script&gt;alert('shown')&lt;/script&gt; and &lt;img src=x onerror=alert(1)&gt; are text here.
Links such as [this](javascript:alert(1)), ![that](data:text/html,x) and &lt;javascript:alert(1)&gt; as well.`;
const BODY = `<h1>Storms &lt;script&gt;alert('title')&lt;/script&gt;</h1><p>${LIGHTHOUSE}</p>${LIVE}<p>${SHOWN}</p>
<pre><code class="language-js onload=x">\`\`\`
&lt;script&gt;alert('code')&lt;/script&gt;
\`\`\`</code></pre>
<p>\`\`\`</p><blockquote>${SHOWN}</blockquote><ul><li>${SHOWN}</li></ul>
<table><tr><th>A</th><th>B</th></tr><tr><td>&lt;svg/onload=alert(1)&gt;|</td><td>[x](javascript:alert(1))</td></tr></table>
<p>${BEES}</p><p>${GLACIER}</p>`;
const HEAD = `<title>Storms &lt;script&gt;alert('title')&lt;/script&gt;</title>
<link rel="canonical" href="javascript:alert(1)"><meta property="og:image" content="data:text/html,x">
<meta property="og:url" content="vbscript:x"><meta name="author" content="&lt;script&gt;alert(1)&lt;/script&gt;">
<script type="application/ld+json">{"@type":"Article","url":"javascript:alert(1)","image":"javascript:alert(2)",
"mainEntityOfPage":"javascript:alert(3)","author":{"name":"Ann","url":"javascript:alert(4)"}}</script>`;
const PAGE = `<!doctype html><html lang="en"><head>${HEAD}</head><body onload="alert(1)"><main>${BODY}</main></body></html>`;
const escaped = (markup: string): string =>
  markup.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const RSS = `<?xml version="1.0"?><rss version="2.0"><channel><title>${escaped(escaped('<script>alert(1)</script>'))} Storms</title>
<link>javascript:alert(1)</link><description>${escaped(LIVE)}</description><image><url>javascript:alert(1)</url></image>
<item><title>One &amp;lt;script&amp;gt;</title><link>javascript:alert(1)</link><guid>javascript:alert(2)</guid>
<comments>javascript:alert(3)</comments><enclosure url="javascript:alert(4)" type="audio/mpeg" length="1"/>
<description>${escaped(BODY)}</description></item></channel></rss>`;
const JSON_FEED = JSON.stringify({
  version: 'https://jsonfeed.org/version/1.1',
  title: 'Storms <script>alert(1)</script>',
  home_page_url: 'javascript:alert(1)',
  icon: 'javascript:alert(2)',
  items: [
    {
      id: 'javascript:a',
      url: 'javascript:alert(3)',
      image: 'data:text/html,x',
      content_html: BODY,
      title: 'A',
    },
    { id: '2', external_url: 'vbscript:x', content_text: `${LIGHTHOUSE} <script>alert(1)</script>` },
  ],
});
const EML = `From: "<script>alert(1)</script>" <a@a.example>\r\nTo: b@b.example\r\nSubject: Storms <script>alert(1)</script>
List-Unsubscribe: <javascript:alert(1)>\r\nDate: Mon, 1 Sep 2025 10:00:00 +0000\r\nMIME-Version: 1.0
Content-Type: text/html; charset=utf-8\r\n\r\n${PAGE}`;
const MARKDOWN = `# Storms <script>alert('title')</script>\n\n${LIGHTHOUSE}\n\n${LIVE}\n\n[a](javascript:alert(1)) [b](<jav&#x09;ascript:alert(1)>)
![c](javascript:alert(1)) [d]\n\n[d]: data:text/html,x\n\n\\<script>alert('escaped')\\</script>\n\n${SHOWN}\n\n${BEES}\n\n~~~\`js\n<script>alert('code')</script>\n~~~\n`;
const TEXT = `Storms\n\n${LIGHTHOUSE}\n\n\`\`\`\n\n<script>alert('text')</script>\n\n<img src=x onerror=alert(1)>\n\n[a](javascript:alert(1))\n\n${BEES}\n`;
const EPUB = buildEpub({
  metadata: `<dc:title>Storms &lt;script&gt;alert(1)&lt;/script&gt;</dc:title><dc:creator>Ann</dc:creator><dc:language>en</dc:language>
<dc:source>javascript:alert(1)</dc:source><dc:identifier>javascript:alert(2)</dc:identifier>`,
  chapters: [
    { name: 'one.xhtml', body: '', raw: PAGE.replace('<!doctype html>', ''), mediaType: 'text/html' },
    { name: 'two.xhtml', body: `<h1>Bees</h1><p>${BEES}</p><p>${SHOWN}</p>` },
  ],
  nav: navItem('Storms', 'javascript:alert(1)') + navItem('Bees', 'two.xhtml'),
});
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script><text>${LIGHTHOUSE}</text></svg>`;

let site: LoopbackSite;
let backbone: TestBackbone;
let client: Client;

beforeAll(async () => {
  site = await startSite();
  backbone = await startBackbone({ env: { FETCH_DELAY_MS: '0' } });
  client = clientOf(backbone);
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
});

/** Names that the source itself gives to things: nobody follows them, and they are told as they are. */
const IDENTIFIER = /\.entries\.\d+\.id$|\.identifiers\.\d+\.value$/;

/** What a browser would run if it were followed, with its place in a JSON value. */
function executableIn(value: unknown, path = ''): readonly string[] {
  if (typeof value === 'string')
    return isExecutable(value) && !IDENTIFIER.test(path) ? [`${path}: ${value}`] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => executableIn(inner, `${path}.${key}`));
}

const pathOf = (job: JobRow): string => `/content/${job.content_type}/${job.content_id}`;

describe('what the API gives back of hostile content', () => {
  test.each<[string, string, string | Uint8Array]>([
    ['a page', 'text/html', PAGE],
    ['a feed', 'application/rss+xml', RSS],
    ['a JSON feed', 'application/feed+json', JSON_FEED],
    ['storms.eml', '', EML],
    ['storms.md', '', MARKDOWN],
    ['storms.txt', '', TEXT],
    ['storms.html', '', PAGE],
    ['storms.epub', '', EPUB],
  ])('runs nowhere: %s', async (name, mediaType, body) => {
    const path = `/${encodeURIComponent(name)}`;
    site.on(path, { headers: { 'content-type': mediaType }, body });
    const { job } =
      mediaType === ''
        ? await ingestFile(backbone, Buffer.from(body), name)
        : await ingest(backbone.services, { url: site.url + path });
    expect(job).toMatchObject({ status: 'completed', error_message: null });

    const answer = await client.get(`${pathOf(job)}?include=text,markdown,chunks`);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    const markdown = String(answer.body['markdown']);
    expect(markdown).toContain('lighthouse');
    expect(dangersIn(markdown)).toEqual([]);
    expect(executableIn(answer.body)).toEqual([]);
    expect(String(answer.body['text'])).not.toContain("alert('live')");
    expect(String(answer.body['text'])).not.toContain('onclick');

    const found = await client.post('/search', { query: 'lighthouse keeper' });
    expect(executableIn(found.body)).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['storms-again.html', 'text/html', PAGE.replace('Storms', 'Gales')],
    ['drawing.html', 'text/html', SVG],
    ['drawing.svg', 'image/svg+xml', SVG],
  ])('is never a page of its own origin: %s', async (name, mediaType, body) => {
    const path = `/original/${name}`;
    site.on(path, { headers: { 'content-type': mediaType }, body });
    const { job } = await ingest(backbone.services, { url: site.url + path });
    const response = await fetch(`${backbone.url}/api${pathOf(job)}/file`, {
      headers: { authorization: `Bearer ${backbone.key}` },
    });
    await response.arrayBuffer();
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    if (job.status === 'failed') {
      expect(job.error_code).toMatch(/unsupported_type|no_text/);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      return;
    }
    expect(response.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(response.headers.get('content-security-policy')).toMatch(/^sandbox;/);
  });

  test.each(['/api/nowhere', '/healthz', '/api/jobs', '/api/openapi.json', '/metrics'])(
    'is not sniffed at %s',
    async (path) => {
      const response = await fetch(backbone.url + path);
      await response.arrayBuffer();
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    },
  );
});
