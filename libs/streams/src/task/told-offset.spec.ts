import { describe, expect, it } from '@jest/globals';
import { offsetOf } from '../offset.js';
import type { TransactionalWriter } from './task-log.js';
import { TELL_EVERY_MS, ToldOffset } from './told-offset.js';

/** Writes down what it is asked. */
const recordingWriter = () => {
  const acts: string[] = [];
  const act = (what: string): Promise<void> => {
    acts.push(what);
    return Promise.resolve();
  };
  const writer: TransactionalWriter = {
    begin: () => act('begin'),
    send: () => Promise.reject(new Error('nothing is sent')),
    sendOffset: (groupId, { topic, partition }, next) => act(`${groupId} ${topic}/${partition} ${next}`),
    commit: () => act('commit'),
    discard: () => act('discard'),
  };
  return { acts, writer };
};

const world = () => {
  let nowMs = 0;
  const { acts, writer } = recordingWriter();
  const clock = { nowMs: () => nowMs, schedule: () => () => undefined, turn: () => Promise.resolve() };
  const told = new ToldOffset({ writer, clock, groupId: 'g', source: { topic: 's', partition: 3 } });
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { acts, told, pass };
};

describe('the offset a group is told', () => {
  it('goes with a transaction once a second, and not with those between', async () => {
    const { acts, told, pass } = world();
    for (const next of [1, 2, 3]) {
      await told.tellWhenDue(offsetOf(next));
      pass(TELL_EVERY_MS / 2);
    }
    expect(acts).toEqual(['g s/3 1', 'g s/3 3']);
  });

  it('is owed while the last one told is another', async () => {
    const { told } = world();
    expect(told.isOwed(offsetOf(1))).toBe(true);
    await told.tellWhenDue(offsetOf(1));
    expect(told.isOwed(offsetOf(1))).toBe(false);
    await told.tellWhenDue(offsetOf(2));
    expect(told.isOwed(offsetOf(2))).toBe(true);
  });

  it('goes in a transaction of its own when there is none to go with', async () => {
    const { acts, told } = world();
    await told.tellWhenDue(offsetOf(1));
    await told.tell(offsetOf(2));
    expect(acts).toEqual(['g s/3 1', 'begin', 'g s/3 2', 'commit']);
    expect(told.isOwed(offsetOf(2))).toBe(false);
  });
});
