const MAX_RANGES = 20;

/** Page numbers in rising order as a person writes them: "3-40, 52". At most twenty ranges are named. */
export function pageRanges(pages: readonly number[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const page of pages) {
    const last = ranges.at(-1);
    if (last?.to === page - 1) last.to = page;
    else ranges.push({ from: page, to: page });
  }
  const named = ranges
    .slice(0, MAX_RANGES)
    .map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`))
    .join(', ');
  return ranges.length > MAX_RANGES ? `${named} and others` : named;
}
