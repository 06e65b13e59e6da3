/** The service ends, and nothing more is read. */
export class ReadingStopped extends Error {
  constructor() {
    super('The service is stopping');
    this.name = 'ReadingStopped';
  }
}

/**
 * Chunks until their end. Whoever leaves earlier may go on with the rest.
 *
 * @throws ReadingStopped when the signal comes first, whether or not the next chunk ever does
 */
export async function* chunksUntilStopped(
  chunks: AsyncIterator<Buffer>,
  stopping: AbortSignal,
): AsyncGenerator<Buffer> {
  for (;;) {
    const next = await orStopped(chunks.next(), stopping);
    if (next.done === true) return;
    yield next.value;
  }
}

const orStopped = async <T>(work: Promise<T>, stopping: AbortSignal): Promise<T> => {
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = () => {
      reject(new ReadingStopped());
    };
  });
  if (stopping.aborted) stop();
  // The listener goes with each chunk: the signal lives as long as the service.
  stopping.addEventListener('abort', stop);
  try {
    return await Promise.race([work, stopped]);
  } finally {
    stopping.removeEventListener('abort', stop);
    // Nobody waits for it any more.
    work.catch(() => undefined);
  }
};
