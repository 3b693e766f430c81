/** Gathers from a page's tree what the check for blocked pages judges. */
import type { CheerioAPI } from 'cheerio/slim';
import type { ReadBlock } from '../parsing/html-blocks.ts';
import { attributeOf, labelOf } from '../parsing/html-tree.ts';
import { hasType } from './json-ld.ts';
import { ARTICLE_TYPES } from './main-node.ts';
import type { PageFacts } from './page-facts.ts';
import type { PageSigns } from './page-check.ts';
import { isIn } from './regions.ts';

const SEEN_TEXT = 5000;
const MOST_BUTTONS = 100;
/** An article element with less text may be the wall's own box. */
const ARTICLE_TEXT = 400;
const CHALLENGE =
  '#challenge-form, #cf-challenge, .cf-turnstile, .g-recaptcha, .h-captcha, #px-captcha, [id*="challenge-running"], ' +
  'script[src*="challenge-platform"], script[src*="captcha-delivery"], script[src*="_Incapsula_"], ' +
  'iframe[src*="_Incapsula_"], iframe[src*="captcha"], script[src*="perimeterx"], form[action*="captcha" i]';
const BUTTONS =
  'button, input[type="submit" i], input[type="button" i], [role="button" i], a[class*="button" i], a[class*="btn" i]';
const MOUNTS =
  '#root, #app, #__next, #__nuxt, #main-app, app-root, [data-reactroot], [ng-app], #svelte, #ember-app';

/** Call before scripts are cut from the tree. */
export function pageSigns({ $, mainNode, meta }: PageFacts, blocks: readonly ReadBlock[]): PageSigns {
  const lengthOf = (some: readonly ReadBlock[]): number =>
    some.reduce((sum, { block }) => sum + block.text.length, 0);
  const declared = mainNode !== null && hasType(mainNode, ARTICLE_TYPES);
  const inArticle =
    $('article').length > 0 ? lengthOf(blocks.filter(({ mark }) => isIn(mark, 'article'))) : 0;
  return {
    title: $('head title').first().text().slice(0, 300),
    headings: blocks
      .filter(({ block }) => block.kind === 'heading')
      .slice(0, 10)
      .map(({ block }) => block.text),
    text: textOf(blocks),
    textLength: lengthOf(blocks),
    lengthOutsidePrompts: lengthOf(blocks.filter(({ mark }) => !isIn(mark, 'promotion'))),
    buttons: buttonLabels($),
    isArticle: declared || inArticle >= ARTICLE_TEXT || meta.first('article:published_time') !== null,
    hasPasswordField: $('input[type="password" i]').length > 0,
    hasMailField: $('input[type="email" i], input[name*="email" i], input[name*="user" i]').length > 0,
    hasChallenge: $(CHALLENGE).length > 0,
    scriptCount: $('script').length,
    hasEmptyMount: $(MOUNTS)
      .toArray()
      .some((mount) => labelOf(mount) === ''),
    noscript: $('noscript').text().slice(0, 2000),
  };
}

function buttonLabels($: CheerioAPI): string[] {
  return $(BUTTONS)
    .toArray()
    .slice(0, MOST_BUTTONS)
    .map((button) => labelOf(button) || attributeOf(button, 'value'));
}

function textOf(blocks: readonly ReadBlock[]): string {
  const parts: string[] = [];
  let length = 0;
  for (const { block } of blocks) {
    if (length >= SEEN_TEXT) break;
    parts.push(block.text);
    length += block.text.length;
  }
  return parts.join('\n').slice(0, SEEN_TEXT);
}
