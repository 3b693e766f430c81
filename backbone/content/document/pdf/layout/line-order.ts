import type { Segment } from './page-text.ts';

const SAME_BASELINE_EM = 0.3;
/** Parts of a formula that stand higher or lower but go on to the right. */
const FORMULA_SHIFT_EM = 0.95;
const FORMULA_BACKSTEP_EM = 2;
/** A step up this far (in em) begins a new run of lines; matrices and fractions stay below. */
const JUMP_EM = 6;
const INTERLEAVED_SHARE = 0.2;
const WORD = /\p{L}{3}/u;
const MAX_RUNS = 200;

/** The segments of one line: never empty. */
export type LineGroup = [Segment, ...Segment[]];

interface Run {
  readonly groups: LineGroup[];
  bottom: number;
}

/**
 * The segments of a zone as lines from top to bottom, one array a line. Drawing order is kept as far as it
 * goes down the page, since it alone puts formulas right; pages that draw words of one line at different
 * times are sorted by place instead. O(n log n), and O(runs * lines) for at most 200 runs.
 */
export function lineGroups(zone: readonly Segment[]): readonly LineGroup[] {
  const drawn = drawnLines(zone);
  if (isInterleaved(drawn)) return linesByPlace(zone);
  const runs = runsOf(drawn);
  if (runs.length > MAX_RUNS) return linesByPlace(zone);
  return inPlace(runs);
}

function drawnLines(zone: readonly Segment[]): LineGroup[] {
  const groups: LineGroup[] = [];
  let right = -Infinity;
  for (const segment of zone) {
    const group = groups.at(-1);
    if (group !== undefined && goesOn(group[0], right, segment)) {
      group.push(segment);
      right = Math.max(right, segment.x1);
    } else {
      groups.push([segment]);
      right = segment.x1;
    }
  }
  return groups;
}

function goesOn(first: Segment, right: number, segment: Segment): boolean {
  const em = Math.max(first.size, segment.size);
  const shift = Math.abs(first.y - segment.y);
  if (shift <= SAME_BASELINE_EM * em) return true;
  return shift <= FORMULA_SHIFT_EM * em && segment.x0 >= right - FORMULA_BACKSTEP_EM * em;
}

/**
 * Whether many lines stand beside a line that was drawn earlier, with others in between. Only lines with a
 * word in them count: brackets and the cells of a matrix stand beside each other by nature.
 */
function isInterleaved(groups: readonly LineGroup[]): boolean {
  const seen = new Set<number>();
  let repeated = 0;
  let worded = 0;
  let previous: number | null = null;
  for (const group of groups) {
    if (!hasWord(group)) continue;
    worded++;
    const row = Math.round(group[0].y / 2);
    if (previous !== row && seen.has(row)) repeated++;
    seen.add(row);
    previous = row;
  }
  return worded >= 5 && repeated > INTERLEAVED_SHARE * worded;
}

function linesByPlace(zone: readonly Segment[]): LineGroup[] {
  const groups: LineGroup[] = [];
  for (const segment of [...zone].sort((a, b) => b.y - a.y || a.x0 - b.x0)) {
    const group = groups.slice(-4).findLast((other) => isBeside(other[0], segment));
    if (group === undefined) groups.push([segment]);
    else group.push(segment);
  }
  return groups;
}

function isBeside(first: Segment, segment: Segment): boolean {
  return Math.abs(first.y - segment.y) <= SAME_BASELINE_EM * Math.max(first.size, segment.size);
}

function runsOf(groups: readonly LineGroup[]): readonly Run[] {
  const runs: Run[] = [];
  let last: LineGroup | undefined;
  for (const group of groups) {
    const y = group[0].y;
    const run = runs.at(-1);
    if (run === undefined || last === undefined || jumpsUp(last, group))
      runs.push({ groups: [group], bottom: y });
    else {
      run.groups.push(group);
      run.bottom = Math.min(run.bottom, y);
    }
    last = group;
  }
  return runs;
}

/** Parts of a formula may go up some lines; lines of text that go up at all are out of order. */
function jumpsUp(last: LineGroup, group: LineGroup): boolean {
  const [[from], [to]] = [last, group];
  const em = Math.max(from.size, to.size);
  const jump = hasWord(last) && hasWord(group) ? FORMULA_SHIFT_EM : JUMP_EM;
  return to.y - from.y > jump * em;
}

function hasWord(group: readonly Segment[]): boolean {
  return group.some((segment) => segment.items.some((item) => WORD.test(item.text)));
}

/** Moves each run up past the lines that stand wholly below it. */
function inPlace(runs: readonly Run[]): readonly LineGroup[] {
  const placed: LineGroup[] = [];
  for (const { groups, bottom } of runs) {
    let at = placed.length;
    while (at > 0 && (placed[at - 1]?.[0].y ?? Infinity) < bottom) at--;
    placed.splice(at, 0, ...groups);
  }
  return placed;
}
