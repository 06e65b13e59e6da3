/** Figures as a benchmark tells them. */

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** The value below which this share of the numbers lies. */
export const quantile = (numbers, share) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
};

/** Least, middle and greatest. */
export const spread = (numbers, digits = 0) =>
  [Math.min(...numbers), median(numbers), Math.max(...numbers)]
    .map((number) => number.toLocaleString('en', { maximumFractionDigits: digits }))
    .join(' / ');

/** One column of a list of runs. */
export const column = (runs, name) => runs.map((run) => run[name]);
