/**
 * How much each feature of a block speaks for (above 0) or against its being content.
 *
 * Source of the numbers: logistic regression (L2, C = 0.3) over the blocks that hold a wanted or an
 * unwanted snippet of trafilatura's evaluation set; five-fold cross-validated snippet F .921 without
 * Defuddle and .934 with it, against .889 for Readability alone. Features whose weight had no sense in it
 * (a good sign for comments, say) were left out before the last fit; it cost nothing.
 */
export interface Weights {
  readonly bias: number;
  readonly of: Readonly<Record<string, number>>;
}

const READABILITY_ONLY: Weights = {
  bias: -2.57,
  of: {
    afterReadability: -1.39,
    afterTail: -0.58,
    beforeH1: -0.67,
    endsSentence: 0.57,
    fromH1ToReadability: 0.9,
    inNoRegion: 0.31,
    inReadability: 1.58,
    in_aside: -0.31,
    in_body: 0.43,
    in_byline: -0.35,
    in_footer: -1.18,
    in_form: -0.49,
    in_navigation: -0.05,
    in_promotion: -0.33,
    in_related: -0.72,
    isBoilerplate: -1.68,
    isLong: 0.85,
    isProse: 1.01,
    isRepeated: -0.9,
    isShort: -0.59,
    isTail: -0.93,
    is_caption: -1.39,
    is_code: 0.27,
    is_heading: 0.43,
    is_image: -0.76,
    is_list_item: 1.1,
    is_quote: 0.26,
    is_table: 0.77,
    length: 0.94,
    links: -0.98,
    longOnShortPage: 0.56,
    notInArticleBody: -0.67,
    votedAfter: 0.89,
    withinReadability: -0.15,
  },
};

const WITH_DEFUDDLE: Weights = {
  bias: -3.21,
  of: {
    afterReadability: -1.12,
    afterTail: -0.36,
    beforeH1: -0.19,
    endsSentence: 0.59,
    fromH1ToReadability: 0.88,
    inDefuddle: 1.87,
    inNoRegion: -0.12,
    inReadability: 1.31,
    in_aside: -0.34,
    in_body: 0.24,
    in_byline: -0.12,
    in_footer: -0.94,
    in_form: -0.14,
    in_navigation: -0.06,
    in_promotion: -0.32,
    in_related: -0.75,
    isBoilerplate: -1.46,
    isLong: 0.84,
    isProse: 1.06,
    isRepeated: -0.96,
    isShort: -0.54,
    isTail: -0.79,
    is_caption: -1.4,
    is_code: 0.26,
    is_heading: 0.57,
    is_image: -0.85,
    is_list_item: 1.24,
    is_quote: 0.33,
    is_table: 0.67,
    length: 0.8,
    links: -0.95,
    longOnShortPage: 0.7,
    notInArticleBody: -0.75,
    votedAfter: 0.76,
    withinReadability: -0.34,
  },
};

export function weightsFor(hasDefuddle: boolean): Weights {
  return hasDefuddle ? WITH_DEFUDDLE : READABILITY_ONLY;
}

/** Probability between 0 and 1 that a block with these features is content. */
export function probabilityOf(features: Readonly<Record<string, number>>, weights: Weights): number {
  let score = weights.bias;
  for (const [name, value] of Object.entries(features)) score += (weights.of[name] ?? 0) * value;
  return 1 / (1 + Math.exp(-score));
}
