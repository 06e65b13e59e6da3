import type { BufferReader } from './buffer-reader.js';
import type { BufferWriter } from './buffer-writer.js';

/** An API of Kafka in the one version that is spoken here. */
export interface Api {
  readonly name: string;
  readonly key: number;
  readonly version: number;
}

/**
 * What is asked of brokers. Each version is one without tagged fields which brokers know from 2.1 on and have kept in 4.0
 * (KIP-896), so that nothing has to be negotiated.
 */
export const APIS = {
  produce: { name: 'Produce', key: 0, version: 3 },
  /** Since 10 a broker may answer with zstd. */
  fetch: { name: 'Fetch', key: 1, version: 10 },
  listOffsets: { name: 'ListOffsets', key: 2, version: 1 },
  metadata: { name: 'Metadata', key: 3, version: 4 },
  findCoordinator: { name: 'FindCoordinator', key: 10, version: 1 },
  apiVersions: { name: 'ApiVersions', key: 18, version: 0 },
  initProducerId: { name: 'InitProducerId', key: 22, version: 1 },
  addPartitionsToTxn: { name: 'AddPartitionsToTxn', key: 24, version: 1 },
  addOffsetsToTxn: { name: 'AddOffsetsToTxn', key: 25, version: 1 },
  endTxn: { name: 'EndTxn', key: 26, version: 1 },
  txnOffsetCommit: { name: 'TxnOffsetCommit', key: 28, version: 1 },
} as const satisfies Record<string, Api>;

/** A request, and how its answer is read. */
export interface WireRequest<T> {
  readonly api: Api;
  /** Bytes it will take, when that is known. */
  readonly size?: number;
  write(writer: BufferWriter): void;
  /** @throws ProtocolError when the answer is a refusal; MalformedAnswerError when it is not an answer to this */
  read(reader: BufferReader): T;
}
