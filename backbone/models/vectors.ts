/**
 * The vector at unit length, so that a dot product is the cosine. Null when it has none: all zeros,
 * or a number that is not finite.
 */
export function unitVector(values: ArrayLike<number>): Float32Array | null {
  const vector = Float64Array.from(values);
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value ** 2, 0));
  if (!Number.isFinite(length) || length === 0) return null;
  return Float32Array.from(vector, (value) => value / length);
}

/** @throws RangeError for a blank text: a caller's defect (some models answer fewer vectors, none means anything). */
export function refuseBlanks(texts: readonly string[]): void {
  const blank = texts.findIndex((text) => text.trim() === '');
  if (blank !== -1) throw new RangeError(`Text ${blank} of those to be embedded is blank.`);
}
