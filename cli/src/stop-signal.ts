const SAME_SIGNAL_MS = 1_000;

/** A signal that comes when somebody stops the command; a second Ctrl-C ends it at once. */
export const stopSignal = (): AbortSignal => {
  const stopped = new AbortController();
  let firstAtMs: number | undefined;
  const stop = (): void => {
    const nowMs = performance.now();
    // A terminal signals the whole group and a parent passes it on: twice, and still one Ctrl-C.
    if (firstAtMs !== undefined && nowMs - firstAtMs > SAME_SIGNAL_MS) process.exit(130);
    firstAtMs ??= nowMs;
    stopped.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return stopped.signal;
};
