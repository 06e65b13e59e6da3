/** What the rules detector holds and what it lets through. Chosen on seeded attacks and a file of real reviews. */
export interface RulesThresholds {
  /**
   * From this likeness on a text is a copy of another user's: percent of their words and pairs of neighbouring words
   * that both have (the Jaccard index). 20 to 100; default 35. Nearly all unrelated reviews of one course stay below 27.
   */
  readonly copySimilarityPercent: number;
  /**
   * Different words and pairs of words a text needs to be compared at all, 4 to 64; default 16, nine or ten words.
   * Shorter texts are alike by chance.
   */
  readonly copyMinShingles: number;
  /**
   * Evidence that holds the reviews of a burst, in decibans: 10 more is ten times less likely to be chance. 20 to 200;
   * default 50.
   */
  readonly burstMinDecibans: number;
  /**
   * The part of it, in decibans, that comes from the ratings being unlike the course's own. 0 to 100; default 12. A course
   * that has ten times as many reviews as ever, rated as ever, has become popular.
   */
  readonly burstMinSideDecibans: number;
  /** One-sided reviews a burst has at least, 2 to 100; default 4. */
  readonly burstMinReviews: number;
  /**
   * Reviews in a week that are nothing unusual for any course, even one that is new: what the end of a term brings.
   * 0.1 to 10,000; default 2.5.
   */
  readonly ordinaryWeeklyReviews: number;
  /** Submissions of one review within {@link rewriteWindowMs} that are plausible, 1 to 50; default 5. */
  readonly rewriteMaxSubmissions: number;
  /** Milliseconds, 1,000 to 2,419,200,000 (28 days); default 86,400,000 (a day). */
  readonly rewriteWindowMs: number;
}

export const DEFAULT_RULES: RulesThresholds = {
  copySimilarityPercent: 35,
  copyMinShingles: 16,
  burstMinDecibans: 50,
  burstMinSideDecibans: 12,
  burstMinReviews: 4,
  ordinaryWeeklyReviews: 2.5,
  rewriteMaxSubmissions: 5,
  rewriteWindowMs: 86_400_000,
};
