/** The shapes of an OpenDocument slide in the order in which people read them. */
import { elementsOf, type XmlElement } from '../../parsing/xml.ts';
import { inReadingOrder, type PlacedShape } from '../reading-order.ts';

/** In inches. */
const ROW_HEIGHT = 0.25;
/** Groups deeper than people make them are read in the file's order. */
const DEEPEST_GROUP = 32;
const INCHES: Readonly<Record<string, number>> = {
  in: 1,
  cm: 1 / 2.54,
  mm: 1 / 25.4,
  pt: 1 / 72,
  pc: 1 / 6,
  px: 1 / 96,
};

/** Groups stay together, and stand where their uppermost and leftmost shapes do. */
export function odfShapesInOrder(page: XmlElement): readonly XmlElement[] {
  return inReadingOrder(placedShapes(page, 0), ROW_HEIGHT).flat();
}

/** `title`, `outline`, `notes`, `footer` ...; empty for shapes that are no placeholder. */
export function presentationClass(shape: XmlElement): string {
  return shape.attributes.get('presentation:class') ?? '';
}

function placedShapes(parent: XmlElement, depth: number): readonly PlacedShape<readonly XmlElement[]>[] {
  return elementsOf(parent)
    .filter(({ name }) => name.startsWith('draw:'))
    .map((shape) =>
      shape.name === 'draw:g' && depth < DEEPEST_GROUP ? placedGroup(shape, depth) : placedShape(shape),
    );
}

function placedGroup(group: XmlElement, depth: number): PlacedShape<readonly XmlElement[]> {
  const shapes = placedShapes(group, depth + 1);
  const least = (edge: 'x' | 'y'): number =>
    shapes.reduce((lowest, placed) => Math.min(lowest, placed[edge]), Infinity);
  const inside = inReadingOrder(shapes, ROW_HEIGHT).flat();
  return inside.length === 0 ? { shape: [], x: 0, y: 0 } : { shape: inside, x: least('x'), y: least('y') };
}

function placedShape(shape: XmlElement): PlacedShape<readonly XmlElement[]> {
  // What is a link stands around the shape that has the place.
  const { attributes } = shape.name === 'draw:a' ? (elementsOf(shape)[0] ?? shape) : shape;
  const [, x, y] = /translate ?\(([^\s()]{1,30}) ([^\s()]{1,30})\)/.exec(
    (attributes.get('draw:transform') ?? '').slice(0, 300),
  ) ?? [undefined, attributes.get('svg:x'), attributes.get('svg:y')];
  return { shape: [shape], x: inches(x), y: inches(y) };
}

/** Of a length such as `2.5cm`; 0 when it is none. */
function inches(length: string | undefined): number {
  const [, number, unit] = /^(-?[\d.]{1,20})(in|cm|mm|pt|pc|px)$/.exec(length ?? '') ?? [];
  const value = Number(number) * (INCHES[unit ?? ''] ?? NaN);
  return Number.isFinite(value) ? value : 0;
}
