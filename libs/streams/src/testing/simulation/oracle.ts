import type { StreamRecord } from '../../records.js';
import { MUCH } from './simulated-service.js';

/** What one partition must come to. */
export interface Expected {
  /** Each change as `key=value`, in order. */
  readonly changes: readonly string[];
  /** Offset and bytes of each dead letter, in order. */
  readonly letters: readonly string[];
  /** Key and value of each record of work, by the offset that asked for it. */
  readonly swept: ReadonlyMap<string, string>;
  readonly counts: ReadonlyMap<string, string>;
  readonly handled: number;
  readonly digest: number;
}

/** Folds the inputs of a partition one after the other. Shares nothing with the service but the meaning of its inputs. */
export const expectedOf = (inputs: readonly StreamRecord[]): Expected => {
  const changes: string[] = [];
  const letters: string[] = [];
  const swept = new Map<string, string>();
  const sums = new Map<string, { times: number; sum: number }>();
  let digest = 0;
  for (const { offset, value, appendTimeMs } of inputs) {
    const input = value?.toString('utf8') ?? '';
    digest = (Math.imul(digest, 31) + offset + input.length) | 0;
    const add = /^add (\S+) (\d+)$/.exec(input);
    const del = /^del (\S+)$/.exec(input);
    if (add !== null) {
      const [, key = '', amount = ''] = add;
      const { times, sum } = sums.get(key) ?? { times: 0, sum: 0 };
      const next = { times: times + 1, sum: sum + Number(amount) };
      sums.set(key, next);
      changes.push(`${key}=${offset}@${appendTimeMs} ${next.times}:${next.sum}`);
      if (Number(amount) >= MUCH) swept.set(`at${offset}`, key);
    } else if (del !== null) {
      sums.delete(del[1] ?? '');
      changes.push(`${del[1] ?? ''}=null`);
    } else letters.push(`${offset} ${input}`);
  }
  const counts = new Map([...sums].map(([key, { times, sum }]) => [key, `${times}:${sum}`]));
  return { changes, letters, swept, counts, handled: inputs.length, digest };
};

/** What a changelog says, folded by hand. */
export interface FoldedChangelog {
  readonly entries: ReadonlyMap<string, string>;
  readonly position:
    { readonly sourceNext: number; readonly partitionState?: Record<string, number> } | undefined;
}

const CHECKSUM_BYTES = 4;

export const foldChangelog = (records: readonly StreamRecord[]): FoldedChangelog => {
  const entries = new Map<string, string>();
  let position: FoldedChangelog['position'];
  for (const { key, value } of records) {
    const name = String(key);
    const text = value?.toString('utf8', CHECKSUM_BYTES);
    if (name === 'p' && text !== undefined) position = JSON.parse(text) as FoldedChangelog['position'];
    if (!name.startsWith('s')) continue;
    if (text === undefined) entries.delete(name.slice(1));
    else entries.set(name.slice(1), text);
  }
  return { entries, position };
};
