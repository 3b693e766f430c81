/** The shapes of a slide in the order in which people read them. */
import { elementAt, elementsOf, type XmlElement } from '../../parsing/xml.ts';
import { inReadingOrder } from '../reading-order.ts';

interface Position {
  /** From the slide's left and upper edge, in EMU (914,400 an inch). */
  readonly x: number;
  readonly y: number;
}

/** Positions by `index N` and `type T`: a placeholder without one of its own stands where its layout has it. */
export type PlaceholderPositions = ReadonlyMap<string, Position>;

export interface Placeholder {
  /** `title`, `body`, `sldNum` ...; `obj` when the file names none. */
  readonly type: string;
  readonly index: string | null;
}

/** A quarter of an inch. */
const ROW_HEIGHT = 228_600;
const SHAPES = new Set(['p:sp', 'p:pic', 'p:graphicFrame', 'p:grpSp', 'p:cxnSp']);

/** Top-down, then from the left. Groups stay together; hidden shapes are left out. */
export function shapesInOrder(tree: XmlElement, positions: PlaceholderPositions): readonly XmlElement[] {
  const shapes = shapesOf(tree).map((shape) => ({ shape, ...positionOf(shape, positions) }));
  return inReadingOrder(shapes, ROW_HEIGHT).flatMap((shape) =>
    shape.name === 'p:grpSp' ? shapesInOrder(shape, positions) : [shape],
  );
}

/** Those of the layout go before those of the master. */
export function placeholderPositions(
  layout: XmlElement | null,
  master: XmlElement | null,
): PlaceholderPositions {
  const positions = new Map<string, Position>();
  for (const root of [master, layout]) {
    const tree = root === null ? null : elementAt(root, 'p:cSld', 'p:spTree');
    for (const shape of tree === null ? [] : shapesOf(tree)) {
      const placeholder = placeholderOf(shape);
      const position = ownPosition(shape);
      if (placeholder === null || position === null) continue;
      positions.set(`type ${placeholder.type}`, position);
      // Indices of a master and of a layout are not the same numbers.
      if (root === layout && placeholder.index !== null)
        positions.set(`index ${placeholder.index}`, position);
    }
  }
  return positions;
}

/** Null for shapes that are no placeholder. */
export function placeholderOf(shape: XmlElement): Placeholder | null {
  const placeholder = propertiesOf(shape, 'p:nvPr', 'p:ph');
  if (placeholder === null) return null;
  const type = placeholder.attributes.get('type') ?? 'obj';
  return { type: type === 'ctrTitle' ? 'title' : type, index: placeholder.attributes.get('idx') ?? null };
}

/** What the author wrote for those who cannot see the shape; empty when there is nothing. */
export function descriptionOf(shape: XmlElement): string {
  return (propertiesOf(shape, 'p:cNvPr')?.attributes.get('descr') ?? '').replaceAll(/\s+/g, ' ').trim();
}

function shapesOf(tree: XmlElement): readonly XmlElement[] {
  return elementsOf(tree).flatMap((element) => {
    if (element.name === 'mc:AlternateContent') return shapesOf(branchOf(element));
    return SHAPES.has(element.name) && !isHidden(element) ? [element] : [];
  });
}

/** The one branch to read: the newer form, unless only the older one has words. */
function branchOf(alternatives: XmlElement): XmlElement {
  const branches = elementsOf(alternatives);
  return branches.find(hasWords) ?? branches[0] ?? alternatives;
}

function hasWords(element: XmlElement): boolean {
  return element.name === 'a:t' || elementsOf(element).some(hasWords);
}

function isHidden(shape: XmlElement): boolean {
  return /^(?:1|true)$/.test(propertiesOf(shape, 'p:cNvPr')?.attributes.get('hidden') ?? '');
}

function propertiesOf(shape: XmlElement, ...path: readonly string[]): XmlElement | null {
  const properties = elementsOf(shape).find(({ name }) => /^p:nv\w+Pr$/.test(name));
  return properties === undefined ? null : elementAt(properties, ...path);
}

function positionOf(shape: XmlElement, positions: PlaceholderPositions): Position {
  const placeholder = placeholderOf(shape);
  return (
    ownPosition(shape) ??
    positions.get(`index ${placeholder?.index ?? ''}`) ??
    positions.get(`type ${placeholder?.type ?? ''}`) ?? { x: 0, y: 0 }
  );
}

function ownPosition(shape: XmlElement): Position | null {
  const offset =
    elementAt(shape, 'p:xfrm', 'a:off') ??
    elementAt(shape, 'p:spPr', 'a:xfrm', 'a:off') ??
    elementAt(shape, 'p:grpSpPr', 'a:xfrm', 'a:off');
  if (offset === null) return null;
  const x = Number(offset.attributes.get('x'));
  const y = Number(offset.attributes.get('y'));
  return Number.isFinite(x) && Number.isFinite(y) ? { x, y } : null;
}
