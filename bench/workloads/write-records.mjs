/** Writes a story straight into a topic, partitioned by course. */
import { Buffer } from 'node:buffer';
import { partitionOf } from '../../dist/libs/domain/src/index.js';
import { openPartitionWriter } from '../lib/produce.mjs';
import { untilLed } from '../lib/topics.mjs';
import { courseIdOf, writeDigits } from './ids.mjs';

/** So many packed values are compared with the codec's: some of them edits and withdrawals. */
const COMPARED = 2_000;

const compare = (packed, encoded, event) => {
  if (!packed.equals(encoded))
    throw new Error(
      `Packed otherwise than the codec does: ${JSON.stringify(event)}\n${packed.toString('hex')}\n${encoded.toString('hex')}`,
    );
};

/** The partition of each course by its number. */
export const partitionsOfCourses = (courses, partitions) =>
  Uint8Array.from({ length: courses }, (_, course) => partitionOf(courseIdOf(course), partitions));

/** Writers to all partitions of a topic. */
export const openTopicWriters = async ({ addresses, topic, partitions }) => {
  await untilLed(addresses, topic);
  return Promise.all(
    Array.from({ length: partitions }, (_, partition) =>
      openPartitionWriter(addresses.KAFKA_BROKERS, topic, partition),
    ),
  );
};

/**
 * @param target `addresses`, `topic`, `partitions`
 * @param told `story`, and how many `events` of it over how many `courses`
 * @param values `packer`; `encode`, the codec's way to the same bytes; `first`, if any, a value that begins each partition;
 *   `note`, told each event with its offset
 * @returns bytes of a value on average
 */
export const writeRecords = async (target, { story, events, courses }, values) => {
  const { packer, encode, first, note = () => undefined } = values;
  const partitionOfCourse = partitionsOfCourses(courses, target.partitions);
  const writers = await openTopicWriters(target);
  if (first !== undefined) for (const writer of writers) writer.add(null, first, first.length);
  const key = Buffer.from(courseIdOf(0));
  let bytes = 0;
  for (let index = 0; index < events; index++) {
    const event = story.next();
    const writer = writers[partitionOfCourse[event.course]];
    const offset = writer.count;
    const length = packer.pack(event, offset);
    if (index < COMPARED) compare(packer.bytes.subarray(0, length), encode(event, offset), event);
    if (writer.isFull(length)) await writer.flush();
    writeDigits(key, key.length, 9, event.course);
    writer.add(key, packer.bytes, length);
    note(event, offset);
    bytes += length;
  }
  await Promise.all(writers.map((writer) => writer.close()));
  return bytes / events;
};
