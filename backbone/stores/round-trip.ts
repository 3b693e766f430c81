/** Milliseconds that some work took: what a store's `probe` answers. Rejects with what the work rejects with. */
export async function roundTripMs(work: () => unknown): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}
