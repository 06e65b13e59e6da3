/** A row the API refused. */
export interface RefusedRow {
  /** From 1; of a CSV file the first row after its header is 1. */
  readonly line: number;
  /** A sentence that names the field. */
  readonly reason: string;
  /** The first bad field; null when the whole row is bad. */
  readonly field: string | null;
}

/** The last line of an answer. */
export interface ImportEnd {
  readonly accepted: number;
  readonly refused: number;
  /** False: Kafka was lost midway. */
  readonly complete: boolean;
}

/** One line of the API's answer to an import. */
export type ImportAnswer =
  { readonly kind: 'refused'; readonly row: RefusedRow } | { readonly kind: 'end'; readonly end: ImportEnd };

/** Undefined when the line is not one of ours: a proxy, or an answer cut off in the middle. */
export const parseImportAnswer = (line: string): ImportAnswer | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if ('complete' in value) return { kind: 'end', end: value as ImportEnd };
  return 'reason' in value ? { kind: 'refused', row: value as RefusedRow } : undefined;
};
