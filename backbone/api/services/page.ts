export interface Page<T> {
  readonly items: readonly T[];
  /** Of all pages. */
  readonly total: number;
  readonly nextCursor: string | null;
}
