interface Expected {
  readonly histograms: Int32Array;
  readonly lastReviewAtMs: Float64Array;
  readonly versions: Int32Array;
}
interface Statistic {
  readonly histogram: readonly number[];
  readonly lastReviewAtMs: number | null;
  readonly courseTitle: string | null;
  readonly version: number;
}
interface Rules {
  readonly fields: readonly string[];
  readonly missing: 'never' | 'when-empty';
}
export const EVERY_FIELD: readonly string[];
export function naiveStatistics(workload: {
  readonly courses: number;
  readonly day: number;
  readonly reviews: {
    readonly count: number;
    readonly course: Int32Array;
    readonly halfStars: Uint8Array;
    readonly createdAtMs: Float64Array;
  };
  readonly receipts: { readonly allTime: Int32Array; readonly recent: Int32Array };
}): { readonly present: Uint8Array; readonly 'long-term-stats': Expected; readonly 'recent-stats': Expected };
export function difference(
  expected: Expected,
  present: Uint8Array,
  statisticOf: (course: number) => Statistic | undefined,
  rules: Rules,
): string | null;
