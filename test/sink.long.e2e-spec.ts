import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { killWhileStoring } from './sink/kills.js';
import { expectedReviews, expectedStatistics, storedReviews, storedStatistics } from './sink/rows.js';
import { rowsThatWentBack } from './sink/went-back.js';
import { sinkWorld, type SinkWorld } from './sink/world.js';

const PREFIX = 'sink-long-';
const SEED = 60;
const UPDATES = 100_000;
const KILLS_OF_EACH = 5;

describe('the sink, killed again and again', () => {
  let world: SinkWorld;
  beforeAll(async () => {
    world = await sinkWorld(PREFIX, SEED);
  }, 120_000);
  afterAll(async () => {
    await world.destroy();
  }, 60_000);

  it('stores the last word on everything, and no row goes back', async () => {
    const kills = await killWhileStoring(world, { updates: UPDATES, killsOfEach: KILLS_OF_EACH });
    await world.caughtUp();
    expect(await rowsThatWentBack(world.postgres, PREFIX)).toEqual([]);
    expect(await storedStatistics(world.postgres, PREFIX)).toEqual(expectedStatistics(world.feed));
    expect(await storedReviews(world.postgres, PREFIX)).toEqual(expectedReviews(world.feed));
    for (const { stored, written } of kills) expect(stored).toBeLessThan(written);
  });
});
