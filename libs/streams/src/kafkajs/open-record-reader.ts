import { systemClock } from '../clock.js';
import type { OpenRecordReader } from '../record-reader.js';
import { Cluster, type ClusterOptions } from '../wire/cluster.js';
import { RangeReader } from '../wire/fetcher-range-reader.js';
import { Fetcher } from '../wire/fetcher.js';
import { retried } from '../wire/retried.js';
import { mustBeDone, wireMeaningOf, wireStreamsError } from '../wire/wire-error.js';
import { wireClusterOf, type KafkaConnection } from './connection.js';

/** A broker may not have heard yet of a topic that was just made, or may be about to start. */
const START = { attempts: 6, firstPauseMs: 100, factor: 2, maxPauseMs: 2_000 };

/** What is read, and under which name. */
export interface RecordReaderOptions {
  /** Shown in the brokers' logs and metrics. */
  readonly name: string;
  readonly topics: readonly string[];
}

/** A reader of ranges, until closed. */
export interface OpenRangeReader extends OpenRecordReader, Pick<RangeReader, 'read'> {}

/**
 * Opens topics for reading. There is no group: nobody else is to know how far was read.
 *
 * @throws StreamsError TRANSIENT when no broker answers, or one of the topics is not there
 */
export const openRangeReader = async (
  connection: KafkaConnection,
  { name, topics }: RecordReaderOptions,
): Promise<OpenRangeReader> => {
  const cluster = wireClusterOf({ ...connection, clientId: name });
  await mustKnow(cluster, topics);
  const fetcher = new Fetcher(cluster, connection.logger, {
    onBatch: (batch) => reader.onBatch(batch),
    onSkipped(target, _first, next) {
      reader.onSkipped(target, next);
    },
    onFatal(error) {
      reader.fail(error);
    },
  });
  const reader: RangeReader = new RangeReader(fetcher);
  return {
    read: (source, range, onRecords) => reader.read(source, range, onRecords),
    records: (source, range) => reader.records(source, range),
    close: () => fetcher.stop(),
  };
};

/** Opens topics for a program that only reads them. See {@link openRangeReader}. */
export const openRecordReader = (
  connection: KafkaConnection,
  options: RecordReaderOptions,
): Promise<OpenRecordReader> => openRangeReader(connection, options);

const mustKnow = async (options: ClusterOptions, topics: readonly string[]): Promise<void> => {
  const cluster = new Cluster(options);
  const know = async (): Promise<void> => {
    const { errors } = await cluster.metadata(topics);
    for (const [topic, code] of errors) mustBeDone(code, `Topic ${topic}`);
  };
  try {
    await retried(START, systemClock, know, (error) => wireMeaningOf(error) === 'TRANSIENT');
  } catch (error) {
    throw wireStreamsError(error, `Read ${topics.join(', ')}`);
  } finally {
    cluster.close();
  }
};
