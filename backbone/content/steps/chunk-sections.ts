import type { Piece } from './chunk-pieces.ts';

/** A section this short joins the one that follows, so that no chunk is a mere heading or one-liner. */
export const SHORT_SECTION_TOKENS = 60;

/** Headings down to this level begin a section that a chunk does not cross. */
export const SECTION_LEVEL = 2;

/** The pieces from one heading of level 1 or 2, or one change of chapter, to the next. */
export interface Section {
  readonly pieces: readonly Piece[];
  /** Of its heading; 0 for text without one. */
  readonly level: number;
  readonly chapter: string | undefined;
}

/** Cuts the pieces of a text into sections, in order. O(pieces). */
export function sectionsOf(pieces: readonly Piece[]): Section[] {
  const sections: { pieces: Piece[]; level: number; chapter: string | undefined }[] = [];
  let block: Piece['placed'] | null = null;
  for (const piece of pieces) {
    const { chapter } = piece.placed.block.locator;
    const level = piece.placed === block ? 0 : sectionLevel(piece);
    const open = sections.at(-1);
    if (open !== undefined && level === 0 && open.chapter === chapter) open.pieces.push(piece);
    else sections.push({ pieces: [piece], level, chapter });
    block = piece.placed;
  }
  return sections;
}

/**
 * Joins each section shorter than SHORT_SECTION_TOKENS with the next one when that is its sibling or
 * child; before a heading further out, or in another chapter, it stays alone. O(pieces).
 */
export function mergeShortSections(sections: readonly Section[]): Section[] {
  const merged: { pieces: Piece[]; level: number; chapter: string | undefined; tokens: number }[] = [];
  for (const section of sections) {
    const open = merged.at(-1);
    const tokens = tokensOf(section.pieces);
    if (
      open !== undefined &&
      open.tokens < SHORT_SECTION_TOKENS &&
      open.chapter === section.chapter &&
      section.level >= open.level
    ) {
      for (const piece of section.pieces) open.pieces.push(piece);
      open.tokens += tokens;
    } else {
      merged.push({ ...section, pieces: [...section.pieces], tokens });
    }
  }
  return merged;
}

/** What the pieces come to with one token for each separator after them. */
function tokensOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + piece.tokens + 1, 0);
}

function sectionLevel({ placed: { block } }: Piece): number {
  const level = block.level ?? 1;
  return block.kind === 'heading' && level <= SECTION_LEVEL ? level : 0;
}
