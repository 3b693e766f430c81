export interface PlacedShape<Shape> {
  readonly shape: Shape;
  /** From the left and upper edge, in any unit. */
  readonly x: number;
  readonly y: number;
}

/** Top-down, then from the left. Shapes whose upper edges differ by less than `rowHeight` stand side by side. */
export function inReadingOrder<Shape>(
  shapes: readonly PlacedShape<Shape>[],
  rowHeight: number,
): readonly Shape[] {
  return shapes
    .map(({ shape, x, y }) => ({ shape, x, row: Math.round(y / rowHeight) }))
    .sort((left, right) => left.row - right.row || left.x - right.x)
    .map(({ shape }) => shape);
}
