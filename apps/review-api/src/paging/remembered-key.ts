/** Another database, restored or set up in place of the one of before, has another key. */
const REMEMBERED_MS = 60_000;
/** Forged cursors must not cost a query each. */
const ASKED_AGAIN_AFTER_MS = 1_000;

/** The key cursors are signed with, read now and then. */
export interface RememberedKey {
  /** @throws ReadModelError */
  current(): Promise<Uint8Array>;
  /** For a cursor that does not fit: the key may be another by now. @throws ReadModelError */
  readAgain(): Promise<Uint8Array>;
}

export const rememberedKey = (readKey: () => Promise<Uint8Array>, nowMs: () => number): RememberedKey => {
  let latest: { readonly readAtMs: number; readonly key: Promise<Uint8Array> } | undefined;
  const noOlderThan = (limitMs: number): Promise<Uint8Array> => {
    if (latest !== undefined && nowMs() - latest.readAtMs < limitMs) return latest.key;
    const asked = { readAtMs: nowMs(), key: readKey() };
    latest = asked;
    // Only remembered when there is one; whoever asked is told.
    asked.key.catch(() => {
      if (latest === asked) latest = undefined;
    });
    return asked.key;
  };
  return {
    current: () => noOlderThan(REMEMBERED_MS),
    readAgain: () => noOlderThan(ASKED_AGAIN_AFTER_MS),
  };
};
