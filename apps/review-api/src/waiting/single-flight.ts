/**
 * Lets callers who ask the same at the same time share one answer that was asked for after each of them came: a
 * hundred clients that wait for one partition cost one query at a time.
 */
export const singleFlight = <Key, Answer>(
  ask: (key: Key) => Promise<Answer>,
): ((key: Key) => Promise<Answer>) => {
  const running = new Map<Key, Promise<Answer>>();
  const next = new Map<Key, Promise<Answer>>();

  const run = (key: Key): Promise<Answer> => {
    const asked = ask(key).finally(() => {
      if (running.get(key) === asked) running.delete(key);
    });
    running.set(key, asked);
    return asked;
  };

  return (key) => {
    const current = running.get(key);
    if (current === undefined) return run(key);
    const waiting = next.get(key);
    if (waiting !== undefined) return waiting;
    // What runs already may have been answered before this caller came.
    const queued = current
      .catch(() => undefined)
      .then(() => {
        next.delete(key);
        return run(key);
      });
    next.set(key, queued);
    return queued;
  };
};
