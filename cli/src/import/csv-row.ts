import { CliError } from '../cli-error.js';

/** The columns of a CSV file, in order; the names are those of the JSON fields. @throws CliError */
export const parseHeader = (cells: readonly string[]): readonly string[] => {
  const names = cells.map((cell) => cell.trim());
  const unnamed = names.indexOf('');
  if (unnamed !== -1)
    throw new CliError(`Column ${unnamed + 1} of the CSV file has no name in the first row.`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new CliError(`The CSV file has two columns named ${twice}.`);
  return names;
};

/**
 * A row as the API takes it: an empty cell is an absent field, a rating is a number. Whatever else is wrong is for the
 * API to refuse, so that both formats have the same rules.
 */
export const rowOf = (header: readonly string[], cells: readonly string[]): Record<string, string | number> =>
  Object.fromEntries(
    cells.flatMap((cell, index): [string, string | number][] => {
      if (cell === '') return [];
      // More cells than columns: refused as an unknown field rather than lost.
      const name = header[index] ?? `column ${index + 1}`;
      return [[name, name === 'rating' ? toRating(cell) : cell]];
    }),
  );

const toRating = (cell: string): string | number =>
  /^-?\d+(\.\d+)?$/.test(cell.trim()) ? Number(cell) : cell;
