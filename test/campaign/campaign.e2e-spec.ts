import { describe, expect, it } from '@jest/globals';
import { sharedInfrastructure } from '../support/launched-stack.js';
import { runCampaign } from './campaign.js';

const seed = Number(process.env['CAMPAIGN_SEED'] ?? Date.now() % 1_000_000);

describe('a service that is killed, frozen, cut off, moved and owned twice', () => {
  it('loses nothing, doubles nothing and ends in the state of the oracle', async () => {
    process.stdout.write(`CAMPAIGN_SEED=${seed}\n`);
    const { counts, verdict, unexpectedEnds } = await runCampaign({
      prefix: `campaign-${seed}-`,
      brokers: (sharedInfrastructure()['KAFKA_BROKERS'] ?? '').split(','),
      seed,
      events: 20_000,
      eventsPerSecond: 300,
      rounds: 1,
      minCuts: 20,
    });
    process.stdout.write(unexpectedEnds.map((end) => `${end}\n`).join(''));
    expect(verdict).toEqual({ lost: 0, duplicated: 0, differences: [] });
    expect(counts.events).toBeGreaterThanOrEqual(20_000);
    expect(counts.kills).toBeGreaterThanOrEqual(3);
    expect(counts.openKills).toBeGreaterThanOrEqual(2);
    expect(counts.cutRequests + counts.cutResponses).toBeGreaterThanOrEqual(20);
    expect(counts.unknownCommits).toBeGreaterThanOrEqual(2);
    expect(counts.foundCommitted).toBeGreaterThanOrEqual(1);
    expect(counts.foundAborted).toBeGreaterThanOrEqual(1);
    expect(counts).toMatchObject({
      takeOvers: 1,
      lateCommits: 1,
      zombiesStopped: 1,
      offsetsChanged: 3,
      quarantined: 0,
    });
    expect(counts.mutualFencings).toBeGreaterThanOrEqual(4);
  }, 300_000);
});
