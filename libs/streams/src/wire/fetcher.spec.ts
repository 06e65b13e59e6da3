import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { offsetOf } from '../offset.js';
import { topicPartitionKey, type RecordBatch, type TopicPartition } from '../records.js';
import type { StreamsError } from '../streams-error.js';
import { FetchBroker } from '../testing/wire/fetch-broker.js';
import { recordSetBytes } from '../testing/wire/record-set-bytes.js';
import { Fetcher } from './fetcher.js';

const A = { topic: 'a', partition: 0 };
const B = { topic: 'b', partition: 1 };
const NOT_LEADER = 6;
const OUT_OF_RANGE = 1;
const UNKNOWN_SERVER_ERROR = -1;
const quiet = () => undefined;
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

let broker: FetchBroker;
let fetcher: Fetcher;
let batches: RecordBatch[];
let skipped: string[];
let fatal: StreamsError[];
/** What becomes of the next batches: answered at once unless a test holds them. */
let onBatch: (batch: RecordBatch) => Promise<'applied' | 'dropped'>;
let somethingHappened: () => void;

beforeEach(async () => {
  broker = await FetchBroker.start();
  [batches, skipped, fatal] = [[], [], []];
  onBatch = () => Promise.resolve('applied');
  somethingHappened = quiet;
  const cluster = {
    clientId: 'spec',
    brokers: [broker.address],
    connectTimeoutMs: 5_000,
    requestTimeoutMs: 5_000,
  };
  fetcher = new Fetcher(cluster, logger, {
    onBatch(batch) {
      batches.push(batch);
      somethingHappened();
      return onBatch(batch);
    },
    onSkipped(target, first, next) {
      skipped.push(`${topicPartitionKey(target)} ${first}-${next}`);
      somethingHappened();
    },
    onFatal(error) {
      fatal.push(error);
      somethingHappened();
    },
  });
  fetcher.assign([A, B]);
});

afterEach(async () => {
  await fetcher.stop();
  await broker.close();
});

const until = async (check: () => boolean): Promise<void> => {
  while (!check()) await new Promise<void>((resolve) => (somethingHappened = resolve));
};

const records = (...offsets: readonly number[]): Buffer =>
  recordSetBytes({
    baseOffset: offsets[0] ?? 0,
    records: offsets.map((offset) => ({ offset, value: Buffer.from('v') })),
  });

const seek = (target: TopicPartition, offset: number): void => {
  fetcher.seekAndResume(target, offsetOf(offset));
};

describe('a fetcher', () => {
  it('brings what is there from where it was sought, and goes on behind it', async () => {
    seek(A, 3);
    const first = await broker.fetch();
    expect(first.offsets).toEqual({ 'a/0': 3 });
    first.answer({ 'a/0': records(3, 4) });
    const second = await broker.fetch();
    expect(second.offsets).toEqual({ 'a/0': 5 });
    expect(batches).toMatchObject([
      { ...A, fetchedOffset: 3, nextOffset: 5, highWatermark: 90, records: [{ offset: 3 }, { offset: 4 }] },
    ]);
  });

  it('asks in one request for everything that is wanted', async () => {
    seek(A, 3);
    seek(B, 4);
    expect((await broker.fetch()).offsets).toEqual({ 'a/0': 3, 'b/1': 4 });
  });

  it('tells of what held nothing to read, and goes on behind it', async () => {
    seek(A, 0);
    const marker = { baseOffset: 0, records: [], producerId: 1, marker: 'commit' as const };
    (await broker.fetch()).answer({ 'a/0': recordSetBytes(marker) });
    expect((await broker.fetch()).offsets).toEqual({ 'a/0': 1 });
    expect([skipped, batches]).toEqual([['a/0 0-1'], []]);
  });

  it('does not let a partition that is sought wait for the others', async () => {
    seek(A, 0);
    const patient = await broker.fetch();
    seek(B, 0);
    const quick = await broker.fetch();
    expect(quick.offsets).toEqual({ 'b/1': 0 });
    expect(quick.maxWaitMs).toBeLessThan(patient.maxWaitMs);
  });

  it('asks in one request again when nothing has come', async () => {
    seek(A, 0);
    const patient = await broker.fetch();
    seek(B, 0);
    const quick = await broker.fetch();
    patient.answer({});
    quick.answer({});
    expect(await broker.fetch()).toMatchObject({
      offsets: { 'a/0': 0, 'b/1': 0 },
      maxWaitMs: patient.maxWaitMs,
    });
  });

  it('gives nobody an answer to what was asked before a seek', async () => {
    seek(A, 0);
    const before = await broker.fetch();
    seek(A, 7);
    const after = await broker.fetch();
    before.answer({ 'a/0': records(0) });
    after.answer({ 'a/0': records(7) });
    await until(() => batches.length > 0);
    expect(batches).toMatchObject([{ fetchedOffset: 7 }]);
  });

  it('asks for no more of a partition while its records are handled, and for the others meanwhile', async () => {
    let release: () => void = quiet;
    onBatch = async () => {
      await new Promise<void>((resolve) => (release = resolve));
      return 'applied';
    };
    seek(A, 0);
    seek(B, 0);
    (await broker.fetch()).answer({ 'a/0': records(0) });
    const others = await broker.fetch();
    expect(others.offsets).toEqual({ 'b/1': 0 });
    release();
    expect((await broker.fetch()).offsets).toEqual({ 'a/0': 1 });
  });

  it('brings again what was dropped', async () => {
    onBatch = () => Promise.resolve('dropped');
    seek(A, 0);
    (await broker.fetch()).answer({ 'a/0': records(0) });
    expect((await broker.fetch()).offsets).toEqual({ 'a/0': 0 });
  });

  it('asks for nothing more while too much is being handled', async () => {
    let release: () => void = quiet;
    onBatch = async () => {
      await new Promise<void>((resolve) => (release = resolve));
      return 'applied';
    };
    seek(A, 0);
    seek(B, 0);
    const large = { offset: 0, value: Buffer.alloc(33 * 1_048_576) };
    (await broker.fetch()).answer({ 'a/0': recordSetBytes({ baseOffset: 0, records: [large] }) });
    await until(() => batches.length > 0);
    await new Promise((resolve) => setImmediate(resolve));
    release();
    expect((await broker.fetch()).offsets).toEqual({ 'a/0': 1, 'b/1': 0 });
    // Making so many bytes, byte by byte, takes a busy machine a while.
  }, 30_000);

  it('begins at the first record there is where it asks for one there is not', async () => {
    broker.logStart = 40;
    seek(A, 7);
    (await broker.fetch()).answer({ 'a/0': OUT_OF_RANGE });
    expect((await broker.fetch()).offsets).toEqual({ 'a/0': 40 });
  });

  it('tries again when the broker does not lead, or is gone', async () => {
    seek(A, 7);
    (await broker.fetch()).answer({ 'a/0': NOT_LEADER });
    (await broker.fetch()).cut();
    expect((await broker.fetch()).offsets).toEqual({ 'a/0': 7 });
    expect(fatal).toEqual([]);
  });

  it('goes on with the others when one of them has to wait', async () => {
    seek(A, 0);
    seek(B, 0);
    (await broker.fetch()).answer({ 'a/0': NOT_LEADER });
    expect((await broker.fetch()).offsets).toEqual({ 'b/1': 0 });
  });

  it('ends where a broker answers what no repetition cures', async () => {
    seek(A, 0);
    (await broker.fetch()).answer({ 'a/0': UNKNOWN_SERVER_ERROR });
    await until(() => fatal.length > 0);
    expect(fatal).toMatchObject([{ code: 'FATAL' }]);
  });

  it('ends at records it cannot read, and says where they are', async () => {
    seek(A, 5);
    const lz4 = recordSetBytes({ baseOffset: 5, records: [{ offset: 5 }], compression: 'lz4' });
    (await broker.fetch()).answer({ 'a/0': lz4 });
    await until(() => fatal.length > 0);
    expect(fatal[0]?.message).toContain('a/0 fetched from offset 5');
    expect(batches).toEqual([]);
  });

  it('is stopped when what it has handed over is handled', async () => {
    let isHandled = false;
    onBatch = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      isHandled = true;
      return 'applied';
    };
    seek(A, 0);
    (await broker.fetch()).answer({ 'a/0': records(0) });
    await until(() => batches.length > 0);
    await fetcher.stop();
    expect(isHandled).toBe(true);
  });
});
