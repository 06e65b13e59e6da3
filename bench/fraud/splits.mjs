/**
 * The two sets of seeded attacks, frozen. A detector's thresholds are chosen by what it does on `tuning`; what is said of
 * it is measured on `final`. They share no seed, no target course, no phrase, no duration and, the slowest drip apart,
 * no volume.
 *
 * Changing a value makes earlier figures incomparable: the digest printed with each table tells.
 */
import { FINAL_PHRASES } from './texts/final-phrases.mjs';
import { TUNING_PHRASES } from './texts/tuning-phrases.mjs';

/** Weights of the ratings that praise, in stars; blame is their mirror image (6 - rating). */
const ALL_FIVE = [[5, 1]];
const MOSTLY_FIVE = [
  [5, 0.85],
  [4, 0.12],
  [3, 0.03],
];
const HALF_MILD = [
  [5, 0.6],
  [4, 0.35],
  [3, 0.05],
];
const HALF_STARS_TOO = [
  [5, 0.75],
  [4.5, 0.1],
  [4, 0.11],
  [2.5, 0.04],
];
const TWO_THIRDS = [
  [5, 0.64],
  [4, 0.29],
  [3, 0.07],
];

const TUNING_STYLES = ['plain', 'terse', 'structured', 'collage', 'silent'];
const FINAL_STYLES = ['plain', 'long', 'chatty', 'blended', 'babble', 'terse', 'silent'];
const TUNING_WAVE = {
  counts: [8, 11, 15, 20, 28, 40, 60, 90],
  hours: [3, 10, 30, 72, 168, 336],
  shapes: ['even', 'front'],
  ratings: [ALL_FIVE, MOSTLY_FIVE, HALF_MILD],
  styles: TUNING_STYLES,
};
const FINAL_WAVE = {
  counts: [10, 14, 19, 26, 35, 50, 70, 110],
  hours: [5, 14, 44, 100, 190, 290, 440],
  shapes: ['even', 'daytime', 'waves', 'growing'],
  ratings: [ALL_FIVE, HALF_STARS_TOO, TWO_THIRDS],
  styles: FINAL_STYLES,
};

export const SPLITS = {
  tuning: {
    seed: 'attacks/tuning/1',
    phrases: TUNING_PHRASES,
    families: {
      promotion: TUNING_WAVE,
      demotion: TUNING_WAVE,
      'slow-drip': {
        perWeek: [2, 3, 5],
        weeks: [8, 13, 26],
        ratings: [ALL_FIVE, MOSTLY_FIVE],
        styles: TUNING_STYLES,
      },
      'copy-paste': {
        counts: [8, 12, 20, 36, 60],
        hours: [4, 30, 96, 336],
        shapes: ['even', 'front'],
        ratings: [ALL_FIVE, MOSTLY_FIVE],
        styles: ['plain', 'structured'],
        originals: [1, 2],
        origins: ['own', 'own', 'stolen'],
        edits: [0, 1, 3, 6],
        kinds: ['swapSynonym', 'dropWord', 'addWord', 'changeCase', 'changePunctuation', 'addPrefix'],
      },
      'account-farm': {
        accounts: [8, 14, 25, 50],
        courses: [1, 2, 4],
        shares: [0.7, 1],
        hours: [30, 96, 168, 336],
        shapes: ['even', 'front'],
        ratings: [ALL_FIVE, MOSTLY_FIVE],
        styles: ['terse', 'terse', 'plain', 'silent'],
      },
    },
  },
  final: {
    seed: 'attacks/final/2',
    phrases: FINAL_PHRASES,
    families: {
      promotion: FINAL_WAVE,
      demotion: FINAL_WAVE,
      'slow-drip': {
        perWeek: [2, 4, 6],
        weeks: [9, 15, 24],
        ratings: [ALL_FIVE, TWO_THIRDS],
        styles: FINAL_STYLES,
      },
      'copy-paste': {
        counts: [10, 16, 27, 45, 80, 110],
        hours: [6, 18, 50, 150, 400],
        shapes: ['even', 'daytime', 'waves'],
        ratings: [ALL_FIVE, HALF_STARS_TOO, TWO_THIRDS],
        styles: ['plain', 'long', 'chatty', 'terse'],
        originals: [1, 2, 3],
        origins: ['own', 'stolen'],
        edits: [0, 2, 5, 9],
        kinds: [
          'swapSynonym',
          'dropWord',
          'addWord',
          'swapNeighbours',
          'misspell',
          'reorderSentences',
          'changePunctuation',
          'changeCase',
          'addPrefix',
          'addSuffix',
        ],
      },
      'account-farm': {
        accounts: [10, 17, 30, 55, 85],
        courses: [1, 3, 5],
        shares: [0.5, 0.8, 1],
        hours: [16, 60, 200, 400],
        shapes: ['even', 'daytime', 'waves', 'growing'],
        ratings: [ALL_FIVE, HALF_STARS_TOO, TWO_THIRDS],
        styles: ['terse', 'terse', 'chatty', 'silent'],
      },
    },
  },
};

/** The family that no promise is made of: nothing of it is fast, and each text is another. */
export const ONLY_REPORTED = 'slow-drip';
