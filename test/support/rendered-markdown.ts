/** Looks at Markdown as those see it who render it without care: HTML allowed, every address accepted. */
import { load, type CheerioAPI } from 'cheerio';
import MarkdownIt from 'markdown-it';

const EXECUTABLE = 'script, iframe, object, embed, svg, math, style, link, meta, base, form, template';
const ADDRESSES = ['href', 'src', 'srcset', 'action', 'formaction', 'xlink:href', 'data', 'poster'];
const FORBIDDEN_SCHEME = /^(?:javascript|vbscript|data|file|blob):/i;

/** Whether a browser would run what stands at the address. It leaves out white space and controls. */
export function isExecutable(address: string): boolean {
  return FORBIDDEN_SCHEME.test(address.replaceAll(/[\p{Cc}\p{Cf}\s]/gu, ''));
}

/** What a browser would execute or load, as `element` or `element[attribute]`. */
export function dangersIn(markdown: string): readonly string[] {
  const page = render(markdown);
  const dangers: string[] = [];
  page('*').each((_, node) => {
    const element = page(node);
    const name = element.prop('tagName')?.toLowerCase() ?? '';
    if (element.is(EXECUTABLE)) dangers.push(name);
    for (const [attribute, value] of Object.entries(element.attr() ?? {})) {
      const runs = /^on/i.test(attribute) || (ADDRESSES.includes(attribute) && isExecutable(value));
      if (runs) dangers.push(`${name}[${attribute}]`);
    }
  });
  return dangers;
}

/** The text that people would read. */
export function renderedText(markdown: string): string {
  return render(markdown)('body').text().trim();
}

function render(markdown: string): CheerioAPI {
  const renderer = new MarkdownIt({ html: true, linkify: true });
  renderer.validateLink = () => true;
  return load(renderer.render(markdown));
}
