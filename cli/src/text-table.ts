/** Which side the cells of a column are moved to. */
export type Alignment = 'left' | 'right';

/** Rows as lines with aligned columns, two spaces apart. */
export const textTable = (
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[],
): readonly string[] => {
  const widths = alignments.map((_, column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        alignments[column] === 'right'
          ? cell.padStart(widths[column] ?? 0)
          : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
};
