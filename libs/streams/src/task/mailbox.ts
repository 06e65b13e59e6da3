/** Hands one item at a time to a loop that waits for it, and tells the sender what became of it. */
export interface Mailbox<T, R> {
  /** Resolves with what the loop made of the item. One item at a time. */
  offer(item: T): Promise<R>;
  /** The item that waits, if any. It stays until settled. */
  peek(): T | undefined;
  /** Tells the sender, and makes room. */
  settle(result: R): void;
  /** Resolves when an item is there, at {@link wake}, or after the time limit; says which. */
  wait(timeoutMs: number): Promise<'woken' | 'timeout'>;
  /** Ends a wait early. */
  wake(): void;
}

export const mailbox = <T, R>(): Mailbox<T, R> => {
  let current: { item: T; resolve: (result: R) => void } | undefined;
  let waiting: (() => void) | undefined;
  let isWoken = false;

  const wake = (): void => {
    isWoken = true;
    waiting?.();
  };

  return {
    offer: (item) =>
      new Promise((resolve) => {
        current = { item, resolve };
        wake();
      }),
    peek: () => current?.item,
    settle(result) {
      current?.resolve(result);
      current = undefined;
    },
    async wait(timeoutMs) {
      const isTimeout =
        current === undefined &&
        !isWoken &&
        (await new Promise<boolean>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs, true);
          waiting = () => {
            clearTimeout(timer);
            resolve(false);
          };
        }));
      waiting = undefined;
      isWoken = false;
      return isTimeout ? 'timeout' : 'woken';
    },
    wake,
  };
};
