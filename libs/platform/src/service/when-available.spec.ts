import { describe, expect, it } from '@jest/globals';
import { StreamsError } from '@reviews/streams';
import { pino } from 'pino';
import { whenAvailable, type Waiting } from './when-available.js';

const waiting = (signal: AbortSignal): Waiting => ({
  signal,
  logger: pino({ level: 'silent' }),
  notYet: 'not yet',
});
const young = (): StreamsError => new StreamsError('TRANSIENT', 'still starting');

describe('waiting for what is still starting', () => {
  it('tries again until it works', async () => {
    const failures = [young(), Object.assign(new Error('registry'), { retriable: true })];
    const work = (): Promise<string> => {
      const failure = failures.shift();
      return failure === undefined ? Promise.resolve('there') : Promise.reject(failure);
    };
    expect(await whenAvailable(work, waiting(new AbortController().signal))).toBe('there');
  });

  it('gives up at once on what no retry can help', async () => {
    const mismatch = new StreamsError('TOPOLOGY_MISMATCH', 'three partitions');
    const work = (): Promise<never> => Promise.reject(mismatch);
    await expect(whenAvailable(work, waiting(new AbortController().signal))).rejects.toBe(mismatch);
  });

  it('ends its pause when it is told to', async () => {
    const stopping = new AbortController();
    const work = (): Promise<string> => {
      setTimeout(() => {
        stopping.abort();
      }, 1);
      return Promise.reject(young());
    };
    expect(await whenAvailable(work, waiting(stopping.signal))).toBeUndefined();
  });

  it('hands over what an attempt under way still makes, so that it can be closed', async () => {
    const stopping = new AbortController();
    const work = (): Promise<string> => {
      stopping.abort();
      return Promise.resolve('made');
    };
    expect(await whenAvailable(work, waiting(stopping.signal))).toBe('made');
  });
});
