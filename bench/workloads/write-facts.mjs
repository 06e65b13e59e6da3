/** Writes a story straight into `reviews-valid`, as if the fraud-detector had made it, and keeps what a naive count needs. */
import { Buffer } from 'node:buffer';
import {
  schemaRegistryAt,
  topicName,
  topicWriter,
  toReviewFactRecord,
} from '../../dist/libs/contracts/src/index.js';
import { dayOf, partitionOf } from '../../dist/libs/domain/src/index.js';
import { openPartitionWriter } from '../lib/produce.mjs';
import { endsOf } from '../lib/topics.mjs';
import { factOf, factPacker } from './fact-bytes.mjs';
import { courseIdOf, writeDigits } from './ids.mjs';
import { receiptsOf } from './receipts.mjs';

/** So many packed values are compared with the codec's: some of them edits and withdrawals. */
const COMPARED = 2_000;

const compare = (packed, encoded, event) => {
  if (!packed.equals(encoded))
    throw new Error(
      `Packed otherwise than the codec does: ${JSON.stringify(event)}\n${packed.toString('hex')}\n${encoded.toString('hex')}`,
    );
};

/**
 * @param story what is told; @param day the day that starts first in every partition
 * @returns reviews and receipts, for the oracle
 */
export const writeFacts = async ({ addresses, prefix, partitions, courses, events, story, day }) => {
  const topic = topicName(prefix, 'reviews-valid');
  const registry = schemaRegistryAt(addresses.SCHEMA_REGISTRY_URL);
  const codec = await topicWriter(registry, prefix, 'reviews-valid');
  const encode = (fact) => codec.encode(toReviewFactRecord(fact));
  const partitionOfCourse = Uint8Array.from({ length: courses }, (_, course) =>
    partitionOf(courseIdOf(course), partitions),
  );
  // Right after a topic was made, its leader may not know yet that it leads; it does once it has answered this.
  await endsOf(addresses, topic);
  const writers = await Promise.all(
    Array.from({ length: partitions }, (_, partition) =>
      openPartitionWriter(addresses.KAFKA_BROKERS, topic, partition),
    ),
  );
  const started = encode({ kind: 'day-started', cause: { offset: -1, ordinal: 0 }, day });
  for (const writer of writers) writer.add(null, started, started.length);

  const packer = factPacker(started.readInt32BE(1));
  const receipts = receiptsOf(courses, day);
  const key = Buffer.from(courseIdOf(0));
  let bytes = 0;
  for (let index = 0; index < events; index++) {
    const event = story.next();
    const writer = writers[partitionOfCourse[event.course]];
    // The offset in `reviews` that it would come from: one command, one fact.
    const length = packer.pack(event, writer.count);
    if (index < COMPARED)
      compare(packer.bytes.subarray(0, length), encode(factOf(event, writer.count)), event);
    if (writer.isFull(length)) await writer.flush();
    writeDigits(key, key.length, 9, event.course);
    receipts.note(event, writer.count, dayOf(event.createdAtMs));
    writer.add(key, packer.bytes, length);
    bytes += length;
  }
  await Promise.all(writers.map((writer) => writer.close()));
  return {
    topic,
    prefix,
    partitions,
    courses,
    day,
    reviews: story.reviews,
    receipts,
    /** Days started count as records. */
    records: events + partitions,
    valueBytes: bytes / events,
    ends: writers.map(({ count }) => count),
  };
};
