import { eventually } from '../support/eventually.js';
import type { SinkWorld } from './world.js';

/** How many updates, and how often each side is killed while they are stored. */
export interface KillCampaign {
  readonly updates: number;
  readonly killsOfEach: number;
}

/** What was killed, and how much of what was written was not stored then. */
export interface Kill {
  readonly what: 'sink' | 'PostgreSQL';
  readonly written: number;
  readonly stored: number;
}

const PARTITIONS = 4;
/** Between two kills. */
const CHUNKS = 4;

/** Writes updates, and kills sink and PostgreSQL in turn right behind a write: neither has stored it yet. */
export const killWhileStoring = async (
  world: SinkWorld,
  { updates, killsOfEach }: KillCampaign,
): Promise<readonly Kill[]> => {
  const { feed, sink, postgres } = world;
  const kills: Kill[] = [];
  const perChunk = Math.ceil(updates / (2 * killsOfEach) / CHUNKS / PARTITIONS);
  let storedAtKill = -1;
  for (let round = 0; round < 2 * killsOfEach; round++) {
    for (let chunk = 1; chunk < CHUNKS; chunk++) await feed.write(perChunk);
    // It works again since the last kill, so this one meets it at work.
    await eventually(async () => {
      if ((await world.stored()) <= storedAtKill) throw new Error('nothing was stored since the last kill');
    }, 60_000);
    await feed.write(perChunk);
    storedAtKill = await world.stored();
    const written = [...feed.ends.values()].reduce((sum, end) => sum + end, 0);
    if (round % 2 === 0) {
      await sink.kill();
      sink.start();
    } else {
      await postgres.kill();
      await postgres.startAgain();
    }
    kills.push({ what: round % 2 === 0 ? 'sink' : 'PostgreSQL', written, stored: storedAtKill });
  }
  return kills;
};
