import type { LoggedRecord } from './logged-record.js';

/**
 * What Kafka's cleaner leaves below an offset: the last record of each key, without aborted records and old tombstones.
 * Offsets stay. Markers and the very last record are kept.
 */
export const compacted = (
  records: readonly LoggedRecord[],
  until: number,
  dropTombstonesBeforeMs: number,
): LoggedRecord[] => {
  const last = new Map<string, number>();
  for (const { key, offset, transaction } of records) {
    if (offset >= until) break;
    if (key !== null && transaction?.fate !== 'aborted') last.set(key.toString('latin1'), offset);
  }
  return records.filter((record, index) => {
    const { key, value, offset, isControl, transaction, appendTimeMs } = record;
    if (offset >= until || isControl || index === records.length - 1) return true;
    if (key === null || transaction?.fate === 'aborted') return false;
    if (last.get(key.toString('latin1')) !== offset) return false;
    return value !== null || appendTimeMs >= dropTombstonesBeforeMs;
  });
};
