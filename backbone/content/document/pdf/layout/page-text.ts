/**
 * The shapes that the layout pass works on. Lengths are PDF points; y grows upwards, and every page is
 * turned so that its main text runs from left to right.
 */

export interface FontStyle {
  readonly bold: boolean;
  readonly italic: boolean;
  readonly monospace: boolean;
}

/** A run of letters in one font, as the page draws it. */
export interface TextItem {
  readonly text: string;
  readonly x: number;
  /** The baseline. */
  readonly y: number;
  readonly width: number;
  /** Height of the type. */
  readonly size: number;
  readonly style: FontStyle;
  readonly rightToLeft: boolean;
  /** `drawn`: a space stands before it; `guessed`: the reader inferred one from a gap. */
  readonly spaceBefore: 'none' | 'guessed' | 'drawn';
}

export interface PageItems {
  /** 1-based. */
  readonly page: number;
  readonly width: number;
  readonly height: number;
  readonly items: readonly TextItem[];
  /** Text that runs in another direction than the page's own, such as a stamp in the margin. */
  readonly rotated: readonly (readonly TextItem[])[];
}

/** Items that follow each other on one baseline without a wide gap, scripts and limits included. */
export interface Segment {
  readonly items: readonly TextItem[];
  readonly x0: number;
  readonly x1: number;
  readonly y: number;
  readonly size: number;
  /** Place in the order in which the page draws its text. */
  readonly order: number;
}

export interface Cell {
  readonly text: string;
  readonly x0: number;
  readonly x1: number;
}

export interface Line {
  readonly page: number;
  /** Number of the column or band on its page, in reading order. */
  readonly zone: number;
  readonly text: string;
  readonly x0: number;
  readonly x1: number;
  readonly y: number;
  readonly size: number;
  readonly style: FontStyle;
  /** The parts between wide gaps; one for plain text. */
  readonly cells: readonly Cell[];
  /** The first item is raised small type, as the mark of a footnote is. */
  readonly startsRaised: boolean;
}

export interface PageLines {
  readonly page: number;
  readonly width: number;
  readonly height: number;
  readonly lines: readonly Line[];
  readonly rotated: readonly Line[];
}
