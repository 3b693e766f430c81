import type { Piece, PieceLimits } from './chunk-pieces.ts';
import { SHORT_SECTION_TOKENS, type Section } from './chunk-sections.ts';

interface Group {
  pieces: Piece[];
  tokens: number;
}

/**
 * Fills groups with the pieces of one section, each group to become a chunk: of about the target,
 * never above the maximum unless a single piece is; a heading stays with what follows; a short rest
 * joins the group before it. O(pieces).
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
  joinShortRest(groups, limits.maxTokens);
  return groups.map(({ pieces }) => pieces);
}

function isFull(group: Group, next: Piece, limits: PieceLimits): boolean {
  const last = group.pieces.at(-1);
  if (last === undefined) return false;
  const total = group.tokens + next.tokens;
  if (total > limits.maxTokens) return true;
  if (speakerOf(last) !== speakerOf(next) && group.tokens >= SHORT_SECTION_TOKENS) return true;
  const half = limits.targetTokens / 2;
  return group.tokens >= half && (total > limits.targetTokens || isHeading(next));
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

function joinShortRest(groups: Group[], maxTokens: number): void {
  const rest = groups.at(-1);
  const before = groups.at(-2);
  if (rest === undefined || before === undefined || rest.tokens >= SHORT_SECTION_TOKENS) return;
  if (before.tokens + rest.tokens > maxTokens) return;
  before.pieces.push(...rest.pieces);
  groups.pop();
}

function isHeading(piece: Piece): boolean {
  return piece.placed.block.kind === 'heading';
}

function speakerOf(piece: Piece): string | undefined {
  return piece.placed.block.locator.speaker;
}
