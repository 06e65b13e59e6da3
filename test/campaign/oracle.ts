import { crc32 } from 'node:zlib';
import type { CommittedRecord } from './committed-records.js';

/**
 * What the counting service must have written, from its description alone. It shares no code with it.
 *
 * For each readable record of the source, in order: a value that is no JSON object with a number `seq` is set aside as
 * it is. Any other counts: its account (the key) has one event more, `add` (if any) more in its sum, and `seq` as its
 * last; that is one record of `counts`. With `close` the account is forgotten afterwards. A transaction that handled
 * records ends with one record of `summaries` that says which, and how many accounts were open then; a tick, which
 * happens when it pleases, writes its number there. Every transaction writes a receipt: next offset of the source, end
 * offsets of the outputs, and the progress of the partition.
 */

/** One partition of every topic, as read after the campaign. */
export interface PartitionLog {
  readonly source: readonly CommittedRecord[];
  readonly counts: readonly CommittedRecord[];
  readonly deadLetters: readonly CommittedRecord[];
  readonly summaries: readonly CommittedRecord[];
  readonly receipts: readonly CommittedRecord[];
  readonly changelog: readonly CommittedRecord[];
}

/** What is wrong, if anything. */
export interface Verdict {
  /** Events without their record in `counts` or the dead letters. */
  readonly lost: number;
  /** Records in `counts` or the dead letters whose event has one already. */
  readonly duplicated: number;
  /** Everything that is not as it must be, in words. */
  readonly differences: readonly string[];
}

export interface TopicNames {
  readonly source: string;
  readonly counts: string;
  readonly deadLetters: string;
  readonly summaries: string;
}

/** Judges one partition. */
export const verdictOf = (log: PartitionLog, partition: number, topics: TopicNames): Verdict => {
  const differences: string[] = [];
  const complain = (what: string): void => {
    differences.push(`partition ${partition}: ${what}`);
  };
  const expected = expectedOf(log.source);
  const counted = countsOf(log.counts, ({ value }) => String(jsonOf(value)['last']));
  const setAside = countsOf(log.deadLetters, ({ headers }) => String(headers['dead-letter-offset']));
  const eventsLost = expected.counts.filter(({ last }) => !counted.has(String(last))).length;
  const poisonLost = expected.deadLetters.filter(({ offset }) => !setAside.has(String(offset))).length;

  checkCounts(expected, log, complain);
  checkDeadLetters(expected, log, { partition, topic: topics.source }, complain);
  const ticks = checkSummaries(expected, log, complain);
  checkReceipts(expected, log, topics, complain);
  checkState(expected, log, ticks, complain);
  return {
    lost: eventsLost + poisonLost,
    duplicated: surplusOf(counted) + surplusOf(setAside),
    differences,
  };
};

type Complain = (what: string) => void;

interface ExpectedAccount {
  readonly count: number;
  readonly sum: number;
  readonly last: number;
}

interface ExpectedCount extends ExpectedAccount {
  readonly account: string;
  readonly closed: boolean;
}

/** What there is once so many records of the source were handled. */
interface Milestone {
  readonly events: number;
  readonly deadLetters: number;
  readonly order: number;
  readonly open: number;
}

interface Expected {
  readonly counts: readonly ExpectedCount[];
  readonly deadLetters: readonly CommittedRecord[];
  readonly accounts: ReadonlyMap<string, ExpectedAccount>;
  /** One more than there are records. */
  readonly milestones: readonly Milestone[];
}

const NOTHING: Milestone = { events: 0, deadLetters: 0, order: 0, open: 0 };

const expectedOf = (source: readonly CommittedRecord[]): Expected => {
  const counts: ExpectedCount[] = [];
  const deadLetters: CommittedRecord[] = [];
  const accounts = new Map<string, ExpectedAccount>();
  const milestones = [NOTHING];
  for (const record of source) {
    const event = jsonOf(record.value);
    if (typeof event['seq'] === 'number') {
      const account = String(record.key);
      const { count, sum } = accounts.get(account) ?? { count: 0, sum: 0 };
      const now = { count: count + 1, sum: sum + Number(event['add'] ?? 0), last: event['seq'] };
      const closed = event['close'] === true;
      counts.push({ account, ...now, closed });
      if (closed) accounts.delete(account);
      else accounts.set(account, now);
    } else deadLetters.push(record);
    milestones.push({
      events: counts.length,
      deadLetters: deadLetters.length,
      order:
        typeof event['seq'] === 'number'
          ? crc32(`${event['seq']},`, milestones.at(-1)?.order)
          : (milestones.at(-1)?.order ?? 0),
      open: accounts.size,
    });
  }
  return { counts, deadLetters, accounts, milestones };
};

const checkCounts = (expected: Expected, { counts }: PartitionLog, complain: Complain): void => {
  const actual = counts.map(({ key, value }) => `${String(key)} ${canonical(jsonOf(value))}`);
  const wanted = expected.counts.map(({ account, ...rest }) => `${account} ${canonical(rest)}`);
  compareLists('counts', wanted, actual, complain);
};

const checkDeadLetters = (
  expected: Expected,
  { deadLetters }: PartitionLog,
  { topic, partition }: { readonly topic: string; readonly partition: number },
  complain: Complain,
): void => {
  const wanted = expected.deadLetters.map((record) =>
    bytesAndHeaders(record, {
      ...record.headers,
      'dead-letter-topic': topic,
      'dead-letter-partition': String(partition),
      'dead-letter-offset': String(record.offset),
      'dead-letter-reason': 'unreadable',
    }),
  );
  const actual = deadLetters.map((record) =>
    bytesAndHeaders(
      record,
      Object.fromEntries(Object.entries(record.headers).filter(([name]) => !FOR_PEOPLE.has(name))),
    ),
  );
  compareLists('dead letters', wanted, actual, complain);
};

/** What a dead letter says besides: no part of its meaning. */
const FOR_PEOPLE = new Set(['dead-letter-error', 'dead-letter-append-time']);

const bytesAndHeaders = ({ key, value }: CommittedRecord, headers: CommittedRecord['headers']): string =>
  `${key?.toString('hex') ?? 'null'} ${value?.toString('hex') ?? 'null'} ${canonical(headers)}`;

/** Summaries of transactions with records join one another without a gap, and ticks count. Returns how many ticks. */
const checkSummaries = (
  { milestones }: Expected,
  { source, summaries }: PartitionLog,
  complain: Complain,
): number => {
  let handled = 0;
  let ticks = 0;
  for (const { offset, value } of summaries) {
    const { tick, first, last, records, open } = jsonOf(value);
    if (typeof tick === 'number') {
      ticks += 1;
      if (tick !== ticks) complain(`summary ${offset} is tick ${tick}, not ${ticks}`);
      continue;
    }
    const before = handled;
    handled += Number(records);
    const wanted = {
      first: source[before]?.offset,
      last: source[handled - 1]?.offset,
      open: milestones[handled]?.open,
    };
    if (canonical({ first, last, open }) !== canonical(wanted))
      complain(`summary ${offset} is ${canonical({ first, last, open })}, not ${canonical(wanted)}`);
  }
  if (handled !== source.length) complain(`the summaries cover ${handled} of ${source.length} records`);
  return ticks;
};

const checkReceipts = (
  { milestones }: Expected,
  { source, counts, deadLetters, receipts }: PartitionLog,
  topics: TopicNames,
  complain: Complain,
): void => {
  let handled = 0;
  let sourceNext = 0;
  for (const { offset, value } of receipts) {
    const receipt = receiptOf(value);
    if (receipt.sourceNext < sourceNext)
      complain(`receipt ${offset} goes back from ${sourceNext} to ${receipt.sourceNext}`);
    sourceNext = Math.max(sourceNext, receipt.sourceNext);
    while ((source[handled]?.offset ?? Infinity) < sourceNext) handled += 1;
    const { events, deadLetters: poison, order } = milestones[handled] ?? NOTHING;
    const { partitionState: told } = receipt;
    const actual = [told.events, told.deadLetters, told.order, endOf(receipt, topics.counts)];
    const wanted = [events, poison, order, endAfter(counts, events)];
    if (canonical(actual) !== canonical(wanted))
      complain(`receipt ${offset} at ${sourceNext} tells ${canonical(actual)}, not ${canonical(wanted)}`);
    if (endOf(receipt, topics.deadLetters) !== endAfter(deadLetters, poison))
      complain(`receipt ${offset} tells another end of the dead letters`);
  }
  if (handled !== source.length) complain(`the receipts cover ${handled} of ${source.length} records`);
};

const NO_PROGRESS = { events: 0, deadLetters: 0, order: 0, ticks: 0 };

const receiptOf = (value: Buffer | null): Receipt => ({
  sourceNext: 0,
  outputEnds: {},
  partitionState: NO_PROGRESS,
  ...jsonOf(value),
});

const endOf = ({ outputEnds }: Receipt, topic: string): number => outputEnds[topic] ?? 0;

interface Receipt {
  readonly sourceNext: number;
  readonly outputEnds: Readonly<Record<string, number>>;
  readonly partitionState: typeof NO_PROGRESS;
}

const endAfter = (records: readonly CommittedRecord[], count: number): number =>
  count === 0 ? 0 : (records[count - 1]?.offset ?? NaN) + 1;

/** The state as anybody would read it back: the last value of each key, each with its checksum before it. */
const checkState = (
  expected: Expected,
  { changelog, receipts }: PartitionLog,
  ticks: number,
  complain: Complain,
): void => {
  const values = latestValues(changelog, complain);
  const position = values.get('p') ?? {};
  const entries = [...values].filter(([key]) => key !== 'p');
  compareLists(
    'state',
    [...expected.accounts].map(([account, value]) => `saccounts/${account} ${canonical(value)}`).sort(),
    entries.map(([key, value]) => `${key} ${canonical(value)}`).sort(),
    complain,
  );
  const { sourceNext, outputEnds } = receiptOf(receipts.at(-1)?.value ?? null);
  const { events, deadLetters, order } = expected.milestones.at(-1) ?? NOTHING;
  const wanted = {
    sourceNext,
    outputEnds,
    transaction: receipts.length,
    partitionState: { events, deadLetters, ticks, order },
    entries: expected.accounts.size,
  };
  const actual = {
    sourceNext: position['sourceNext'],
    outputEnds: position['outputEnds'],
    transaction: position['transaction'],
    partitionState: position['partitionState'],
    entries: (position['state'] as { entries?: number } | undefined)?.entries,
  };
  if (canonical(actual) !== canonical(wanted))
    complain(`the position is ${canonical(actual)}, not ${canonical(wanted)}`);
};

/** By key, barriers (`b`) apart. */
const latestValues = (
  changelog: readonly CommittedRecord[],
  complain: Complain,
): ReadonlyMap<string, Record<string, unknown>> => {
  const latest = new Map<string, Record<string, unknown>>();
  for (const { key, value, offset } of changelog) {
    if (value === null) latest.delete(String(key));
    else {
      const payload = value.subarray(CHECKSUM_BYTES);
      if (value.readUInt32BE() !== crc32(payload)) complain(`changelog ${offset} has a wrong checksum`);
      if (String(key) !== 'b') latest.set(String(key), jsonOf(payload));
    }
  }
  return latest;
};

const CHECKSUM_BYTES = 4;

const compareLists = (
  what: string,
  wanted: readonly string[],
  actual: readonly string[],
  complain: Complain,
): void => {
  if (wanted.length !== actual.length) complain(`${what}: ${actual.length} records, not ${wanted.length}`);
  const at = wanted.findIndex((line, index) => line !== actual[index]);
  if (at >= 0) complain(`${what}: the record at ${at} is ${String(actual[at])}, not ${String(wanted[at])}`);
};

const countsOf = (
  records: readonly CommittedRecord[],
  idOf: (record: CommittedRecord) => string,
): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const record of records) counts.set(idOf(record), (counts.get(idOf(record)) ?? 0) + 1);
  return counts;
};

const surplusOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count - 1, 0);

/** An object, or an empty one for what is none. */
const jsonOf = (bytes: Buffer | null): Record<string, unknown> => {
  try {
    const value = JSON.parse(String(bytes)) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

/** JSON with its keys in order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
