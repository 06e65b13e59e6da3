import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { databaseSchemaOf } from '@reviews/read-model';
import { killWhileStoring } from './sink/kills.js';
import { expectedReviews, expectedStatistics, storedReviews, storedStatistics } from './sink/rows.js';
import { rowsThatWentBack } from './sink/went-back.js';
import { sinkWorld, type SinkWorld } from './sink/world.js';
import { eventually } from './support/eventually.js';

const PREFIX = 'sink-';
const SEED = 6;
const UPDATES = 10_000;
const KILLS_OF_EACH = 1;
const SOME_UPDATES = 50;
const POISONED = 2;

describe('the sink', () => {
  let world: SinkWorld;
  beforeAll(async () => {
    world = await sinkWorld(PREFIX, SEED);
  }, 120_000);
  afterAll(async () => {
    await world.destroy();
  }, 60_000);

  const rowsAreRight = async (): Promise<void> => {
    const { postgres, feed } = world;
    expect(await storedStatistics(postgres, PREFIX)).toEqual(expectedStatistics(feed));
    expect(await storedReviews(postgres, PREFIX)).toEqual(expectedReviews(feed));
  };

  it('stores the last word on everything, and no row goes back, whatever is killed', async () => {
    const kills = await killWhileStoring(world, { updates: UPDATES, killsOfEach: KILLS_OF_EACH });
    await world.caughtUp();
    expect(await rowsThatWentBack(world.postgres, PREFIX)).toEqual([]);
    await rowsAreRight();
    for (const { what, written, stored } of kills) {
      process.stdout.write(`${what} was killed when ${stored} of ${written} offsets were stored\n`);
      expect(stored).toBeLessThan(written);
    }
  }, 180_000);

  it('waits while PostgreSQL is down, is not ready meanwhile, and catches up', async () => {
    const pid = world.sink.pid();
    await world.postgres.kill();
    await world.feed.write(SOME_UPDATES);
    await eventually(async () => {
      expect(await world.health()).toMatchObject({
        status: 503,
        text: expect.stringContaining('postgresql'),
      });
    });
    await world.feed.write(SOME_UPDATES);
    await world.postgres.startAgain();
    await world.caughtUp();
    await rowsAreRight();
    await eventually(async () => {
      expect(await world.health()).toMatchObject({ status: 200 });
    });
    expect([world.sink.hasEnded(), world.sink.pid()]).toEqual([false, pid]);
  }, 120_000);

  it('reads on from where the tables stand when they have gone back, and does not end', async () => {
    const pid = world.sink.pid();
    const schema = databaseSchemaOf(PREFIX);
    await world.postgres.query(
      ['course_statistics', 'reviews', 'sink_positions', 'aggregator_progress', 'fraud_detector_progress']
        .map((table) => `truncate ${schema}.${table};`)
        .join(''),
    );
    await world.feed.write(1);
    await world.caughtUp();
    await rowsAreRight();
    expect(await rowsThatWentBack(world.postgres, PREFIX)).toEqual([]);
    expect([world.sink.hasEnded(), world.sink.pid()]).toEqual([false, pid]);
  }, 120_000);

  const besidesPoisoned = (rows: ReadonlyMap<string, unknown>): ReadonlyMap<string, unknown> =>
    new Map([...rows].filter(([key]) => !key.startsWith(`c${POISONED}-`)));

  it('stops at a record that nobody can read, in that partition alone, and alarms', async () => {
    const poisoned = `reviews-valid/${POISONED}`;
    await world.feed.writeGarbage('reviews-valid', POISONED);
    await world.feed.write(SOME_UPDATES);
    await world.caughtUp([poisoned]);
    await eventually(async () => {
      const { status, text } = await world.health();
      expect({ status, text }).toMatchObject({
        status: 503,
        text: expect.stringContaining(`quarantined: ${PREFIX}${poisoned}`),
      });
      const metrics = await (await fetch(`${world.sink.url}/metrics`)).text();
      expect(metrics).toMatch(/^sink_quarantined_partitions(\{[^}]*\})? 1$/m);
    });
    expect(await storedStatistics(world.postgres, PREFIX)).toEqual(expectedStatistics(world.feed));
    expect(besidesPoisoned(await storedReviews(world.postgres, PREFIX))).toEqual(
      besidesPoisoned(expectedReviews(world.feed)),
    );
  }, 120_000);
});
