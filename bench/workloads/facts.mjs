/** Workloads of facts, each in topics with a prefix of its own. */
import { performance } from 'node:perf_hooks';
import { dayOf } from '../../dist/libs/domain/src/index.js';
import { setUpTopics } from '../lib/topics.mjs';
import { randomOf, zipf } from './random.mjs';
import { anyDate, reviewStory } from './story.mjs';
import { writeFacts } from './write-facts.mjs';

const SEED = 1;
const PARTITIONS = 4;

/**
 * Writes a story into topics that are made for it.
 *
 * @param shape `events`, `courses`, `prefix`; where they differ from the usual: `partitions`, `nowMs`, the day the story ends in;
 *   `room` for more events than are written; `nextCourseOf` and `dateOf`, which course and date a new review has; `shares` of edits and withdrawals
 */
export const writeStory = async ({ servers, say }, shape) => {
  const {
    events,
    courses,
    prefix,
    partitions = PARTITIONS,
    nowMs = Date.now(),
    shares,
    room = 0,
    ...how
  } = shape;
  const { nextCourseOf = zipfCourse, dateOf = anyDate } = how;
  await setUpTopics(servers.addresses, prefix, partitions);
  const random = randomOf(SEED);
  const story = reviewStory({
    events: events + room,
    random,
    nowMs,
    nextCourse: nextCourseOf(courses, random),
    dateOf: dateOf(random, nowMs),
    shares,
  });
  const startedMs = performance.now();
  const workload = await writeFacts(
    { addresses: servers.addresses, prefix, partitions },
    { story, events, courses, day: dayOf(nowMs) },
  );
  const seconds = (performance.now() - startedMs) / 1_000;
  say(
    `${events.toLocaleString('en')} facts of ${Math.round(workload.valueBytes)} bytes, ${courses.toLocaleString('en')} courses, ${partitions} partitions, written in ${seconds.toFixed(1)} s`,
  );
  return { ...workload, story };
};

/** After Zipf's law with exponent 1.0. */
const zipfCourse = (courses, random) => zipf(courses, random);

/** Each course once, in the course of the first half of the new reviews; the others after Zipf's law. */
export const everyCourse = (courses, random) => {
  const any = zipf(courses, random);
  let unseen = 0;
  return () => (unseen < courses && random() < 0.5 ? unseen++ : any());
};

/** All on one key. */
export const oneCourse = () => () => 0;

/** Each course once, one after the other; then any of them. */
export const eachCourse = (courses, random) => {
  let course = 0;
  return () => (course < courses ? course++ : Math.floor(random() * courses));
};
