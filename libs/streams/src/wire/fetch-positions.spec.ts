import { beforeEach, describe, expect, it } from '@jest/globals';
import { offsetOf } from '../offset.js';
import { topicPartitionKey } from '../records.js';
import { FetchPositions, type Ask } from './fetch-positions.js';

const A = { topic: 'a', partition: 0 };
const B = { topic: 'b', partition: 0 };

let positions: FetchPositions;

beforeEach(() => {
  positions = new FetchPositions();
  positions.assign([A, B]);
});

const wanted = (): readonly string[] =>
  positions.wanted().map(({ target, offset }) => `${topicPartitionKey(target)} at ${offset}`);

/** Asks for a partition that must be wanted. */
const ask = (): Ask => {
  const [first] = positions.wanted();
  if (first === undefined) throw new Error('nothing is wanted');
  positions.ask(first);
  return first;
};

describe('a partition', () => {
  it('is not wanted before somebody says where to begin', () => {
    positions.resume(A);
    expect(wanted()).toEqual([]);
    positions.seekAndResume(A, offsetOf(5));
    expect(wanted()).toEqual(['a/0 at 5']);
  });

  it('is asked for once at a time', () => {
    positions.seekAndResume(A, offsetOf(5));
    const asked = ask();
    expect(wanted()).toEqual([]);
    expect(positions.answered(asked)).toBe(true);
    expect(wanted()).toEqual(['a/0 at 5']);
  });

  it('goes on behind what was dealt with', () => {
    positions.seekAndResume(A, offsetOf(5));
    const asked = ask();
    positions.answered(asked);
    positions.advance(asked, offsetOf(9));
    expect(wanted()).toEqual(['a/0 at 9']);
  });

  it('is wanted at once where it is sought, and the answer to what was asked before is void', () => {
    positions.seekAndResume(A, offsetOf(5));
    const before = ask();
    positions.seekAndResume(A, offsetOf(2));
    const after = ask();
    expect(after.offset).toBe(2);
    expect(positions.answered(before)).toBe(false);
    positions.advance(before, offsetOf(9));
    expect(wanted()).toEqual([]);
    expect(positions.answered(after)).toBe(true);
    expect(wanted()).toEqual(['a/0 at 2']);
  });

  it('takes an answer only once', () => {
    positions.seekAndResume(A, offsetOf(5));
    const asked = ask();
    expect([positions.answered(asked), positions.answered(asked)]).toEqual([true, false]);
  });

  it('takes no answer while it is paused, and asks again when it is resumed', () => {
    positions.seekAndResume(A, offsetOf(5));
    const asked = ask();
    positions.pause(A);
    expect(positions.answered(asked)).toBe(false);
    expect(wanted()).toEqual([]);
    positions.resume(A);
    expect(wanted()).toEqual(['a/0 at 5']);
  });

  it('takes the answer when it was resumed in time', () => {
    positions.seekAndResume(A, offsetOf(5));
    const asked = ask();
    positions.pause(A);
    positions.resume(A);
    expect(wanted()).toEqual([]);
    expect(positions.answered(asked)).toBe(true);
  });

  it('is not wanted while its records are handled, even where it is sought meanwhile', () => {
    positions.seekAndResume(A, offsetOf(5));
    const asked = ask();
    positions.answered(asked);
    positions.give(asked);
    positions.seekAndResume(A, offsetOf(2));
    expect(wanted()).toEqual([]);
    positions.handled(asked);
    expect(wanted()).toEqual(['a/0 at 2']);
  });

  it('comes behind the others when it was given records', () => {
    positions.seekAndResume(A, offsetOf(1));
    positions.seekAndResume(B, offsetOf(2));
    expect(wanted()).toEqual(['a/0 at 1', 'b/0 at 2']);
    const asked = ask();
    positions.answered(asked);
    positions.give(asked);
    positions.handled(asked);
    expect(wanted()).toEqual(['b/0 at 2', 'a/0 at 1']);
  });
});

describe('an assignment', () => {
  it('pauses and forgets everything, and voids what was asked', () => {
    positions.seekAndResume(A, offsetOf(5));
    const asked = ask();
    positions.assign([A]);
    positions.resume(A);
    expect(wanted()).toEqual([]);
    expect(positions.answered(asked)).toBe(false);
  });

  it('waits for records of an earlier one that are still handled', () => {
    positions.seekAndResume(A, offsetOf(5));
    const asked = ask();
    positions.answered(asked);
    positions.give(asked);
    positions.assign([A]);
    positions.seekAndResume(A, offsetOf(7));
    expect(wanted()).toEqual([]);
    positions.advance(asked, offsetOf(6));
    positions.handled(asked);
    expect(wanted()).toEqual(['a/0 at 7']);
  });

  it('keeps others from steering what is not in it', () => {
    positions.assign([B]);
    positions.seekAndResume(A, offsetOf(5));
    positions.seekAndResume({ topic: 'c', partition: 0 }, offsetOf(5));
    expect(wanted()).toEqual([]);
    positions.add(A);
    positions.seekAndResume(A, offsetOf(5));
    expect(wanted()).toEqual(['a/0 at 5']);
  });
});
