/** A slide of an OpenDocument presentation as blocks: its title, its shapes in reading order, its notes. */
import { elementsOf, type XmlElement } from '../../parsing/xml.ts';
import { OdfWalk, type OdfContent, type OdfWalkOptions } from './odf-blocks.ts';
import { odfShapesInOrder, presentationClass } from './odf-shapes.ts';

/** Placeholders that repeat on every slide. */
const MARGINS = new Set(['header', 'footer', 'date-time', 'page-number', 'page', 'handout']);

/** `options.locator` names the slide. */
export function odfSlide(page: XmlElement, options: OdfWalkOptions): OdfContent {
  const walk = new OdfWalk(options);
  const shapes = odfShapesInOrder(page);
  const title = shapes.find((shape) => presentationClass(shape) === 'title' && walk.heading(shape));
  for (const shape of shapes) {
    if (shape !== title && !MARGINS.has(presentationClass(shape))) walk.block(shape);
  }
  for (const annotation of elementsOf(page, 'office:annotation')) walk.block(annotation);
  const notes = elementsOf(page, 'presentation:notes').flatMap((sheet) => odfShapesInOrder(sheet));
  walk.footnotes(
    'Notes: ',
    notes.filter((shape) => presentationClass(shape) === 'notes'),
  );
  return walk.content;
}

/** Names of the styles whose slides are left out when the presentation is shown. `content` is the root. */
export function hiddenSlideStyles(content: XmlElement): ReadonlySet<string> {
  const isHidden = (style: XmlElement): boolean =>
    elementsOf(style, 'style:drawing-page-properties').some(
      ({ attributes }) => attributes.get('presentation:visibility') === 'hidden',
    );
  const styles = elementsOf(content, 'office:automatic-styles').flatMap((list) => elementsOf(list));
  return new Set(styles.filter(isHidden).map(({ attributes }) => attributes.get('style:name') ?? ''));
}
