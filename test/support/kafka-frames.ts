import type { Socket } from 'node:net';

const LENGTH_BYTES = 4;
/** The shortest frame there is: an answer that is only its correlation id. */
const MIN_LENGTH = 4;

/**
 * The length-prefixed frames a socket receives, however they were cut into chunks. Reads on only when the next one is
 * asked for.
 *
 * @throws when the other side does not speak Kafka, or breaks off
 */
export async function* framesOf(socket: Socket): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = [];
  let buffered = 0;
  let needed = LENGTH_BYTES;
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    buffered += chunk.length;
    // Joined only when a whole frame is there: a fetch answer has up to 10 MB.
    while (buffered >= needed) {
      const bytes = Buffer.concat(chunks);
      needed = LENGTH_BYTES + lengthOf(bytes);
      if (bytes.length >= needed) {
        yield bytes.subarray(0, needed);
        chunks = [bytes.subarray(needed)];
        needed = LENGTH_BYTES;
      } else chunks = [bytes];
      buffered = chunks[0]?.length ?? 0;
    }
  }
}

const lengthOf = (bytes: Buffer): number => {
  const length = bytes.readInt32BE(0);
  if (length < MIN_LENGTH) throw new Error(`Not a Kafka frame: length ${length}`);
  return length;
};

/** Kafka's names of the APIs that clients use. */
export const API_NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'Produce'],
  [1, 'Fetch'],
  [2, 'ListOffsets'],
  [3, 'Metadata'],
  [8, 'OffsetCommit'],
  [9, 'OffsetFetch'],
  [10, 'FindCoordinator'],
  [11, 'JoinGroup'],
  [12, 'Heartbeat'],
  [13, 'LeaveGroup'],
  [14, 'SyncGroup'],
  [15, 'DescribeGroups'],
  [16, 'ListGroups'],
  [18, 'ApiVersions'],
  [19, 'CreateTopics'],
  [20, 'DeleteTopics'],
  [21, 'DeleteRecords'],
  [22, 'InitProducerId'],
  [24, 'AddPartitionsToTxn'],
  [25, 'AddOffsetsToTxn'],
  [26, 'EndTxn'],
  [28, 'TxnOffsetCommit'],
  [32, 'DescribeConfigs'],
  [33, 'AlterConfigs'],
  [37, 'CreatePartitions'],
  [42, 'DeleteGroups'],
]);
