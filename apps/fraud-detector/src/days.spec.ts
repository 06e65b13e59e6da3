import { beforeEach, describe, expect, it } from '@jest/globals';
import { DAY_MS, type FraudDetector } from '@reviews/domain';
import type { OutputRecord } from '@reviews/streams';
import { bytesOf, facts, fraudDetectorDriver, submit, type FraudDetectorDriver } from './testing/commands.js';

const D = 20_000;
const MIDNIGHT_MS = (D + 1) * DAY_MS;

const noDetector: FraudDetector = {
  name: 'none',
  assess: () => ({
    verdict: { kind: 'valid', score: 0, detectorName: 'none', detectorVersion: '1' },
    alsoHold: [],
  }),
};

const submitted = (user: string): Buffer => bytesOf(submit(user, 4));

/** A line for each fact: a day with its number, or what happened to a review. */
const told = (outputs: ReadonlyMap<string, readonly OutputRecord[]>): readonly string[] =>
  (outputs.get('valid') ?? []).map(({ value }) => {
    const { kind, day, userId } = facts.decode(value);
    return kind === 'day_started' ? `day ${String(day)}` : `${kind} ${String(userId)}`;
  });

describe('the day of a partition', () => {
  let driver: FraudDetectorDriver;

  beforeEach(() => {
    driver = fraudDetectorDriver(noDetector);
    driver.nowMs = MIDNIGHT_MS - 1;
  });

  it('begins when the broker says so, though nobody ever wrote to the partition', () => {
    //  23:59:59.999 D │ 00:00 D+1
    expect(told(driver.tick(MIDNIGHT_MS - 1))).toEqual([`day ${D}`]);
    expect(told(driver.tick(MIDNIGHT_MS))).toEqual([`day ${D + 1}`]);
  });

  it('begins once, whether a command or an idle moment tells first', () => {
    driver.tick(MIDNIGHT_MS);
    driver.nowMs = MIDNIGHT_MS;
    expect(told(driver.pipe(submitted('ann')))).toEqual(['review_changed ann']);
    driver.nowMs = MIDNIGHT_MS + DAY_MS;
    expect(told(driver.pipe(submitted('bob')))).toEqual([`day ${D + 2}`, 'review_changed bob']);
    expect(told(driver.tick(MIDNIGHT_MS + DAY_MS))).toEqual([]);
  });

  it('comes before the first of several commands, once', () => {
    driver.pipe(submitted('ann'));
    driver.nowMs = MIDNIGHT_MS;
    expect(told(driver.pipe(submitted('bob'), submitted('cid')))).toEqual([
      `day ${D + 1}`,
      'review_changed bob',
      'review_changed cid',
    ]);
  });

  it('begins with a command that changes nothing, or cannot be read', () => {
    const ann = submitted('ann');
    driver.pipe(ann);
    driver.nowMs = MIDNIGHT_MS;
    expect(told(driver.pipe(ann))).toEqual([`day ${D + 1}`, 'progress null']);
    driver.nowMs = MIDNIGHT_MS + DAY_MS;
    expect(told(driver.pipe(Buffer.from('garbage')))).toEqual([`day ${D + 2}`, 'progress null']);
  });

  it('jumps over days that nobody saw, in one fact', () => {
    driver.tick(MIDNIGHT_MS - 1);
    expect(told(driver.tick(MIDNIGHT_MS + 6 * DAY_MS))).toEqual([`day ${D + 7}`]);
    expect(told(driver.tick(MIDNIGHT_MS + 6 * DAY_MS))).toEqual([]);
    driver.nowMs = MIDNIGHT_MS + 399 * DAY_MS;
    expect(told(driver.pipe(submitted('ann')))).toEqual([`day ${D + 400}`, 'review_changed ann']);
  });

  it('does not go back with the clock of the broker, and goes on once that clock has caught up', () => {
    driver.tick(MIDNIGHT_MS);
    expect(told(driver.tick(MIDNIGHT_MS - 1))).toEqual([]);
    expect(told(driver.tick(MIDNIGHT_MS - 30 * DAY_MS))).toEqual([]);
    driver.nowMs = MIDNIGHT_MS - 1;
    expect(told(driver.pipe(submitted('ann')))).toEqual(['review_changed ann']);
    expect(told(driver.tick(MIDNIGHT_MS + DAY_MS - 1))).toEqual([]);
    expect(told(driver.tick(MIDNIGHT_MS + DAY_MS))).toEqual([`day ${D + 2}`]);
  });

  it('is neither repeated nor skipped by a restart at midnight', () => {
    driver.tick(MIDNIGHT_MS - 1);
    driver.restart();
    expect(told(driver.tick(MIDNIGHT_MS - 1))).toEqual([]);
    expect(told(driver.tick(MIDNIGHT_MS))).toEqual([`day ${D + 1}`]);
    driver.restart();
    expect(told(driver.tick(MIDNIGHT_MS))).toEqual([]);
    driver.restart();
    driver.nowMs = MIDNIGHT_MS + DAY_MS;
    expect(told(driver.pipe(submitted('ann')))).toEqual([`day ${D + 2}`, 'review_changed ann']);
    driver.restart();
    expect(told(driver.pipe(submitted('bob')))).toEqual(['review_changed bob']);
  });
});
