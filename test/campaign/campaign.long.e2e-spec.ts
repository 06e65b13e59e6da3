import { describe, expect, it } from '@jest/globals';
import { sharedInfrastructure } from '../support/launched-stack.js';
import { runCampaign } from './campaign.js';

const seed = Number(process.env['CAMPAIGN_SEED'] ?? Date.now() % 1_000_000);

describe('a service that is killed, frozen, cut off, moved and owned twice, again and again', () => {
  it('loses nothing of 200,000 events, doubles nothing and ends in the state of the oracle', async () => {
    process.stdout.write(`CAMPAIGN_SEED=${seed}\n`);
    const { counts, verdict, unexpectedEnds } = await runCampaign({
      prefix: `long-campaign-${seed}-`,
      brokers: (sharedInfrastructure()['KAFKA_BROKERS'] ?? '').split(','),
      seed,
      events: 200_000,
      eventsPerSecond: 1_000,
      rounds: 5,
      minCuts: 100,
    });
    process.stdout.write(unexpectedEnds.map((end) => `${end}\n`).join(''));
    expect(verdict).toEqual({ lost: 0, duplicated: 0, differences: [] });
    expect(counts.events).toBeGreaterThanOrEqual(200_000);
    expect(counts.kills).toBeGreaterThanOrEqual(10);
    expect(counts.openKills).toBeGreaterThanOrEqual(5);
    expect(counts.cutRequests).toBeGreaterThanOrEqual(40);
    expect(counts.cutResponses).toBeGreaterThanOrEqual(40);
    expect(counts.cutRequests + counts.cutResponses).toBeGreaterThanOrEqual(100);
    expect(counts.unknownCommits).toBeGreaterThanOrEqual(5);
    expect(counts.foundCommitted).toBeGreaterThanOrEqual(1);
    expect(counts.foundAborted).toBeGreaterThanOrEqual(1);
    expect(counts).toMatchObject({
      takeOvers: 5,
      lateCommits: 3,
      zombiesStopped: 5,
      offsetsChanged: 15,
      quarantined: 0,
    });
    expect(counts.mutualFencings).toBeGreaterThanOrEqual(20);
  }, 1_800_000);
});
