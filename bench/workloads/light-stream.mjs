/** A light, even stream of facts behind a workload, with what its latency can be told from later. */
import { Buffer } from 'node:buffer';
import { performance } from 'node:perf_hooks';
import { pause } from '../lib/child-process.mjs';
import { endsOf } from '../lib/topics.mjs';
import { factPacker } from './fact-bytes.mjs';
import { courseIdOf } from './ids.mjs';
import { factCodec } from './write-facts.mjs';
import { openTopicWriters, partitionsOfCourses } from './write-records.mjs';

const STEP_MS = 20;

/**
 * @param story goes on with its events
 * @param perSecond events a second
 */
export const lightStream = async (addresses, workload, story, perSecond) => {
  const { topic, partitions, courses, prefix } = workload;
  const codec = await factCodec(addresses, prefix);
  const bases = await endsOf(addresses, topic);
  const writers = await openTopicWriters({ addresses, topic, partitions });
  const partitionOfCourse = partitionsOfCourses(courses, partitions);
  const packer = factPacker(codec.dayStarted(workload.day, { offset: 0, ordinal: 0 }).readInt32BE(1));
  const nextOffset = (partition) => bases[partition] + writers[partition].count;

  const send = () => {
    const event = story.next();
    const partition = partitionOfCourse[event.course];
    const offset = nextOffset(partition);
    const length = packer.pack(event, offset);
    writers[partition].add(Buffer.from(courseIdOf(event.course)), packer.bytes, length);
    return { partition, offset, course: event.course };
  };
  const flush = () => Promise.all(writers.map((writer) => writer.flush()));

  return {
    /** Offsets at which the stream begins, by partition. */
    bases,
    /** Sends events at even distances until `isDone`; returns where each went. */
    async sendUntil(isDone) {
      const sent = [];
      const startedMs = performance.now();
      while (!isDone()) {
        const due = Math.floor(((performance.now() - startedMs) / 1_000) * perSecond);
        while (sent.length < due) {
          // Whatever held this up may have left more to send than a batch holds.
          if (writers.some((writer) => writer.isFull(packer.bytes.length))) await flush();
          sent.push(send());
        }
        await flush();
        await pause(STEP_MS);
      }
      return sent;
    },
    /** Starts a day in every partition; returns where. */
    async startDay(day) {
      const offsets = writers.map((writer, partition) => {
        const offset = nextOffset(partition);
        const value = codec.dayStarted(day, { offset, ordinal: 0 });
        writer.add(null, value, value.length);
        return offset;
      });
      await flush();
      return offsets;
    },
    close: () => Promise.all(writers.map((writer) => writer.close())),
  };
};
