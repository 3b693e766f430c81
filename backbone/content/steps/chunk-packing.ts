import type { Piece, PieceLimits } from './chunk-pieces.ts';
import { SHORT_SECTION_TOKENS, type Section } from './chunk-sections.ts';

interface Group {
  pieces: Piece[];
  tokens: number;
}

/**
 * Fills groups with the pieces of one section, each group to become a chunk: of about the target,
 * never above the maximum unless a single piece is, nor below the minimum where the section and its
 * pieces allow it; a heading stays with what follows. O(pieces).
 */
export function packPieces(section: Section, limits: PieceLimits): Piece[][] {
  const groups: Group[] = [];
  let open: Group = { pieces: [], tokens: 0 };
  for (const piece of section.pieces) {
    if (isFull(open, piece, limits)) {
      const carried = takeTrailingHeadings(open, limits.maxTokens - piece.tokens);
      groups.push(open);
      open = carried;
    }
    open.pieces.push(piece);
    open.tokens += piece.tokens + 1;
  }
  groups.push(open);
  settleRest(groups, limits);
  return groups.map(({ pieces }) => pieces);
}

function isFull(group: Group, next: Piece, limits: PieceLimits): boolean {
  const last = group.pieces.at(-1);
  if (last === undefined) return false;
  const total = group.tokens + next.tokens;
  if (total > limits.maxTokens) return true;
  if (speakerOf(last) !== speakerOf(next) && group.tokens >= SHORT_SECTION_TOKENS) return true;
  if (group.tokens < limits.minTokens) return false;
  return total > limits.targetTokens || isHeading(next);
}

/** Headings at the group's end belong to what follows, if they fit there and something stays behind. */
function takeTrailingHeadings(group: Group, room: number): Group {
  const from = group.pieces.findLastIndex((piece) => !isHeading(piece)) + 1;
  const pieces = group.pieces.slice(from);
  const tokens = pieces.reduce((sum, piece) => sum + piece.tokens + 1, 0);
  if (from === 0 || tokens > room) return { pieces: [], tokens: 0 };
  group.pieces.length = from;
  group.tokens -= tokens;
  return { pieces, tokens };
}

/** A rest below the minimum joins the group before it, or takes from its end where that is too long. */
function settleRest(groups: Group[], limits: PieceLimits): void {
  const rest = groups.at(-1);
  const before = groups.at(-2);
  if (rest === undefined || before === undefined) return;
  const sameSpeaker = speakerOf(before.pieces.at(-1)) === speakerOf(rest.pieces[0]);
  if (rest.tokens >= (sameSpeaker ? limits.minTokens : SHORT_SECTION_TOKENS)) return;
  if (before.tokens + rest.tokens <= limits.maxTokens) {
    before.pieces.push(...rest.pieces);
    groups.pop();
  } else if (sameSpeaker) {
    balance(before, rest, limits.minTokens);
  }
}

function balance(before: Group, rest: Group, minTokens: number): void {
  for (let last = before.pieces.at(-1); last !== undefined; last = before.pieces.at(-1)) {
    const tokens = last.tokens + 1;
    const wanted = rest.tokens < minTokens && before.tokens - tokens >= minTokens;
    if (!wanted && !isHeading(last)) return;
    before.pieces.pop();
    before.tokens -= tokens;
    rest.pieces.unshift(last);
    rest.tokens += tokens;
  }
}

function isHeading(piece: Piece): boolean {
  return piece.placed.block.kind === 'heading';
}

function speakerOf(piece: Piece | undefined): string | undefined {
  return piece?.placed.block.locator.speaker;
}
