/** A record before it is encoded, so that a test can break it. */
export interface Loose<T> {
  offset: number;
  appendTimeMs: number;
  key: string | null;
  value: T | null;
  headers: Record<string, string>;
}

/** The record a test looks for. */
export const at = <T>(log: readonly Loose<T>[], matches: (value: T) => boolean): Loose<T> & { value: T } => {
  const found = log.find(({ value }) => value !== null && matches(value));
  if (found === undefined) throw new Error('No such record');
  return found as Loose<T> & { value: T };
};
export const change = <T>(record: Loose<T>, fields: Partial<T>): void => {
  if (record.value !== null) record.value = { ...record.value, ...fields };
};
export const remove = <T>(log: Loose<T>[], record: Loose<T>): void => {
  log.splice(log.indexOf(record), 1);
};
/** A copy at the end of its log. */
export const repeat = <T>(log: Loose<T>[], record: Loose<T>, fields: Partial<T>): void => {
  const offset = (log.at(-1)?.offset ?? -1) + 1;
  const value = record.value === null ? null : { ...record.value, ...fields };
  log.push({ ...record, offset, value });
};
