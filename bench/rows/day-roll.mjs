/** Row: a day begins for a million courses, a tenth of which change by it, while a light stream of events goes on. */
import { confluentAvro, schemaOf, schemaRegistryAt, topicName } from '../../dist/libs/contracts/src/index.js';
import { dayOf } from '../../dist/libs/domain/src/index.js';
import { pause } from '../lib/child-process.mjs';
import { quantile } from '../lib/figures.mjs';
import { startService } from '../lib/service.mjs';
import { endsOf, readTopic } from '../lib/topics.mjs';
import { watchUntil } from '../lib/watch.mjs';
import { eachCourse, writeStory } from '../workloads/facts.mjs';
import { lightStream } from '../workloads/light-stream.mjs';
import { DAY_MS, DAYS } from '../workloads/story.mjs';
import { deletePrefix } from './scratch.mjs';
import { checkStatistics, handledBy } from './statistics-run.mjs';

const COURSES = 1_000_000;
const CHANGED_ONE_IN = 10;
const WINDOW_DAYS = 90;
const PREFIX = 'roll-';
const STREAM_PER_SECOND = 500;
const QUIET_MS = 10_000;
const LOOK_EVERY_MS = 500;
const PATIENCE_MS = 300_000;
/** More events than the stream can send meanwhile. */
const STREAM_ROOM = 500_000;
/** What version the stream's records and the day give is another question than whether the numbers are right. */
const NUMBERS = { fields: ['lastReviewAtMs', 'courseTitle'], missing: 'never' };

/** Every tenth course has its review on the day that leaves the window next; the others have it on any other day. */
const datesAround = (random, nowMs) => {
  const today = dayOf(nowMs);
  const leaving = today + 1 - WINDOW_DAYS;
  return (course) => {
    const any = today - Math.floor(random() * DAYS);
    const day = course % CHANGED_ONE_IN === 0 ? leaving : any === leaving ? leaving + 1 : any;
    return day * DAY_MS + Math.floor(random() * DAY_MS);
  };
};

/** Append times of a topic's records from some offsets on, by partition and offset. */
const appendTimes = async (addresses, topic, from) => {
  const times = from.map(() => new Map());
  await readTopic(
    addresses,
    topic,
    ({ offset, appendTimeMs }, partition) => times[partition].set(offset, appendTimeMs),
    from,
  );
  return times;
};

/** Milliseconds from the append of each event to the append of the first all-time statistic that includes it. */
const latenciesOf = (sent, times, outputs) =>
  sent.map(({ partition, offset, course }) => {
    const output = outputs.get(course)?.find(({ version }) => version >= offset);
    if (output === undefined)
      throw new Error(`No statistic of course ${course} includes ${partition}/${offset}`);
    return output.appendTimeMs - times[partition].get(offset);
  });

const valuesOf = async (addresses, prefix, topic, from) => {
  const codec = confluentAvro(schemaRegistryAt(addresses.SCHEMA_REGISTRY_URL), schemaOf(topic), undefined);
  const records = [];
  await readTopic(addresses, topicName(prefix, topic), (record) => records.push(record), from);
  await codec.resolveWriters(records.slice(0, 1).map(({ value }) => value));
  return records.map(({ value, appendTimeMs }) => ({ ...codec.decode(value), appendTimeMs }));
};

const outputsByCourse = async (addresses, from) => {
  const byCourse = new Map();
  for (const { courseId, version, appendTimeMs } of await valuesOf(
    addresses,
    PREFIX,
    'long-term-stats',
    from,
  )) {
    const course = Number(courseId.slice('course-'.length));
    if (!byCourse.has(course)) byCourse.set(course, []);
    byCourse.get(course).push({ version, appendTimeMs });
  }
  return byCourse;
};

/** When each partition's progress first named a day; undefined until all have. */
const dayNamedAtMs = async (addresses, day, partitions, from) => {
  const named = new Map();
  for (const progress of await valuesOf(addresses, PREFIX, 'aggregator-progress', from))
    if (progress.day === day && !named.has(progress.partition))
      named.set(progress.partition, progress.appendTimeMs);
  return named.size === partitions ? Math.max(...named.values()) : undefined;
};

/** Sends the stream until the day is named everywhere. */
const rollWhile = async (addresses, stream, { day, partitions }) => {
  const from = await endsOf(addresses, topicName(PREFIX, 'aggregator-progress'));
  const started = await stream.startDay(day);
  let namedAtMs;
  const watching = (async () => {
    const deadlineMs = Date.now() + PATIENCE_MS;
    while (namedAtMs === undefined) {
      if (Date.now() > deadlineMs) throw new Error(`The day was not named within ${PATIENCE_MS / 1_000} s`);
      await pause(LOOK_EVERY_MS);
      namedAtMs = await dayNamedAtMs(addresses, day, partitions, from);
    }
  })();
  let failure;
  watching.catch((error) => (failure = error));
  const sent = await stream.sendUntil(() => namedAtMs !== undefined || failure !== undefined);
  await watching;
  return { started, namedAtMs, sent };
};

const runOnce = async ({ servers, say }, workload, { profile }) => {
  const { addresses } = servers;
  const { partitions, day: yesterday } = workload;
  const service = await startService(servers, 'aggregator', { prefix: PREFIX, partitions, profile });
  const pids = { service: service.pid, broker: servers.pids.kafka };
  let quiet;
  let roll;
  let stream;
  let outputsFrom;
  try {
    await watchUntil(workload.records, handledBy(service), pids);
    outputsFrom = await endsOf(addresses, topicName(PREFIX, 'long-term-stats'));
    stream = await lightStream(addresses, workload, workload.story, STREAM_PER_SECOND);
    const quietUntilMs = Date.now() + QUIET_MS;
    quiet = await stream.sendUntil(() => Date.now() > quietUntilMs);
    roll = await rollWhile(addresses, stream, { day: yesterday + 1, partitions });
    await stream.close();
    const all = workload.records + quiet.length + roll.sent.length + partitions;
    await watchUntil(all, handledBy(service), pids);
  } finally {
    await service.stop();
  }
  const times = await appendTimes(addresses, workload.topic, stream.bases);
  const outputs = await outputsByCourse(addresses, outputsFrom);
  const startedAtMs = Math.min(...roll.started.map((offset, partition) => times[partition].get(offset)));
  await checkStatistics(addresses, PREFIX, { ...workload, day: yesterday + 1, expected: undefined }, NUMBERS);
  const p99 = (sent) => quantile(latenciesOf(sent, times, outputs), 0.99);
  const result = {
    seconds: (roll.namedAtMs - startedAtMs) / 1_000,
    quietP99Ms: p99(quiet),
    rollP99Ms: p99(roll.sent),
    events: { quiet: quiet.length, roll: roll.sent.length },
  };
  say(
    `day roll: ${result.seconds.toFixed(1)} s, p99 ${result.quietP99Ms} ms without, ${result.rollP99Ms} ms during it`,
  );
  return result;
};

export const dayRollRow = {
  title: `${COURSES.toLocaleString('en')} courses, one in ${CHANGED_ONE_IN} changes, ${STREAM_PER_SECOND} events/s beside it`,
  async run(world, options) {
    const results = [];
    // Each run goes on with the log of its own: what the stream sent before stays in it.
    for (let run = 0; run < options.runs; run++) {
      const startOfTodayMs = dayOf(Date.now()) * DAY_MS;
      const workload = await writeStory(world, {
        events: options.sized(COURSES),
        room: STREAM_ROOM,
        courses: options.sized(COURSES),
        prefix: PREFIX,
        nowMs: startOfTodayMs - 1,
        nextCourseOf: eachCourse,
        dateOf: datesAround,
        shares: { edits: 0, withdrawals: 0 },
      });
      results.push(await runOnce(world, workload, options));
      await deletePrefix(world, PREFIX);
    }
    return {
      results,
      figures: [
        { what: 'day started → progress names the day, s', values: results.map(({ seconds }) => seconds) },
        { what: 'p99 of events without, ms', values: results.map(({ quietP99Ms }) => quietP99Ms) },
        { what: 'p99 of events during the roll, ms', values: results.map(({ rollP99Ms }) => rollP99Ms) },
      ],
      goals: {
        'roll-seconds': results.map(({ seconds }) => seconds),
        'roll-p99': results.map(({ rollP99Ms, quietP99Ms }) => rollP99Ms / quietP99Ms),
      },
    };
  },
};
