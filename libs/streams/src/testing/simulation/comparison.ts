import type { StreamRecord } from '../../records.js';
import type { InMemoryCluster } from '../cluster/in-memory-cluster.js';
import { expectedOf, foldChangelog, type Expected } from './oracle.js';
import { TOPICS } from './simulated-service.js';

/** How far a partition may be: to the end of its inputs, or anywhere before, because its task was rightly stopped. */
export type Extent = 'all' | 'a prefix';

/** What differs between a partition and what its inputs must come to, in words; empty when nothing does. */
export const differences = (
  cluster: InMemoryCluster,
  partition: number,
  inputs: readonly StreamRecord[],
  extent: Extent,
): readonly string[] => {
  const found: string[] = [];
  const read = (topic: string): readonly StreamRecord[] => cluster.committed({ topic, partition });
  const compare = (what: string, actual: readonly string[], expected: readonly string[]): void => {
    const index = firstDifference(actual, expected, extent);
    if (index !== undefined)
      found.push(
        `${what}/${partition}[${index}] is ${actual[index] ?? 'missing'}, must be ${expected[index] ?? 'absent'}`,
      );
  };
  const expected = expectedOf(inputs);
  compare('changes', read(TOPICS.changes).map(textOf), expected.changes);
  compare('dead letters', read(TOPICS.deadLetters).map(letterOf), expected.letters);
  const swept = read(TOPICS.swept).map(textOf).sort();
  compare('swept', swept, expectedWork(expected, extent === 'all' ? undefined : swept));
  const ticks = read(TOPICS.ticks).map(({ value }) => String(value));
  compare(
    'ticks',
    ticks,
    ticks.map((_, index) => String(index + 1)),
  );
  const summaries = read(TOPICS.summaries).map(({ value }) => String(value));
  compare('summaries', summaries, tiling(summaries));
  found.push(...wrongReceipts(cluster, partition));
  if (extent === 'all') found.push(...wrongState(read(TOPICS.changelog), expected, ticks.length, partition));
  if (extent === 'all' && summaries.at(-1)?.endsWith(`-${expected.handled}`) === false)
    found.push(
      `summaries/${partition} end with ${summaries.at(-1) ?? ''}, must end with ${expected.handled}`,
    );
  return found;
};

const textOf = ({ key, value }: StreamRecord): string => `${String(key)}=${String(value)}`;

const letterOf = ({ value, headers }: StreamRecord): string =>
  `${String(headers['dead-letter-offset'])} ${String(value)}`;

const firstDifference = (
  actual: readonly string[],
  expected: readonly string[],
  extent: Extent,
): number | undefined => {
  const length = extent === 'all' ? Math.max(actual.length, expected.length) : actual.length;
  for (let index = 0; index < length; index++) if (actual[index] !== expected[index]) return index;
  return undefined;
};

/** Work may be done in any order, but each once; of a prefix nobody can say which. */
const expectedWork = ({ swept }: Expected, done: readonly string[] | undefined): string[] => {
  const lines = [...swept].map(([key, value]) => `${key}=${value}`).sort();
  return done === undefined ? lines : lines.filter((line) => done.includes(line));
};

/** Each transaction's records, one after the other, from the first: `0-3`, `3-4` … */
const tiling = (summaries: readonly string[]): string[] => {
  let next = 0;
  return summaries.map((summary) => {
    const end = Number(summary.split('-')[1]);
    const tile = end > next ? `${next}-${end}` : `${next}-more`;
    next = end;
    return tile;
  });
};

const wrongReceipts = (cluster: InMemoryCluster, partition: number): string[] => {
  const offsets = new Map(
    Object.values(TOPICS).map((topic) => [
      topic as string,
      new Set(cluster.committed({ topic, partition }).map(({ offset }) => Number(offset))),
    ]),
  );
  let before = 0;
  return cluster.committed({ topic: TOPICS.receipts, partition }).flatMap(({ value, offset }) => {
    const { sourceNext, outputEnds } = JSON.parse(String(value)) as {
      sourceNext: number;
      outputEnds: Record<string, number>;
    };
    const isBack = sourceNext < before;
    before = sourceNext;
    if (isBack) return [`receipts/${partition} at ${offset} goes back to ${sourceNext}`];
    return Object.entries(outputEnds).flatMap(([topic, end]) =>
      offsets.get(topic)?.has(end - 1) === true
        ? []
        : [`receipts/${partition} at ${offset} names ${topic} up to ${end}, where nothing is`],
    );
  });
};

const wrongState = (
  changelog: readonly StreamRecord[],
  { counts, handled, digest }: Expected,
  ticks: number,
  partition: number,
): string[] => {
  const { entries, position } = foldChangelog(changelog);
  const lines = [...entries].map(([key, value]) => `${key}=${value}`).sort();
  const expected = [...counts].map(([key, value]) => `counts/${key}=${value}`).sort();
  const state = JSON.stringify(position?.partitionState ?? {});
  const must = JSON.stringify({ handled, digest, ticks, summarized: handled });
  return [
    ...(lines.join() === expected.join()
      ? []
      : [`state/${partition} is ${lines.join()}, must be ${expected.join()}`]),
    ...(isSameJson(state, must) || (handled === 0 && ticks === 0)
      ? []
      : [`position/${partition} says ${state}, must say ${must}`]),
  ];
};

const isSameJson = (a: string, b: string): boolean => sorted(a) === sorted(b);
const sorted = (json: string): string =>
  Object.entries(JSON.parse(json) as Record<string, number>)
    .map(([key, value]) => `${key}:${value}`)
    .sort()
    .join();
