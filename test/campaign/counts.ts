import type { World } from './world.js';

/** What was done to the service, and what it said. */
export interface CampaignCounts {
  readonly events: number;
  readonly abortedEvents: number;
  readonly kills: number;
  /** Of these, within a transaction that held outputs: those on purpose, chance may add more. */
  readonly openKills: number;
  readonly cutRequests: number;
  readonly cutResponses: number;
  /** Commits of which the service did not know whether they had happened. */
  readonly unknownCommits: number;
  readonly foundCommitted: number;
  readonly foundAborted: number;
  /** Owners that stood still until another had everything, and then went on. */
  readonly takeOvers: number;
  /** Commits of such an owner that reached the broker after the take-over. */
  readonly lateCommits: number;
  /** Such owners that noticed, or ended. */
  readonly zombiesStopped: number;
  /** Group offsets deleted or moved. */
  readonly offsetsChanged: number;
  /** Times a task was fenced by its other owner while two processes owned every partition, and both committed. */
  readonly mutualFencings: number;
  readonly assignments: number;
  readonly commits: number;
  readonly fenced: number;
  readonly restoredWhole: number;
  readonly restoredTail: number;
  readonly quarantined: number;
}

/** Requests and answers lost so far. */
export const cutsOf = ({ proxy }: World): number => sumOf(proxy.cutRequests) + sumOf(proxy.cutResponses);

/** What there is to count so far. */
export const countsOf = ({ input, proxy, fleet, done }: World): CampaignCounts => ({
  ...done,
  events: input.written.size,
  abortedEvents: input.aborted,
  cutRequests: sumOf(proxy.cutRequests),
  cutResponses: sumOf(proxy.cutResponses),
  unknownCommits: fleet.count('outcome-unknown'),
  foundCommitted: fleet.count('outcome-resolved committed'),
  foundAborted: fleet.count('outcome-resolved aborted'),
  assignments: fleet.count('info: assigned'),
  commits: fleet.count('committed'),
  fenced: fleet.count('fenced'),
  restoredWhole: fleet.count('restored whole'),
  restoredTail: fleet.count('restored tail'),
  quarantined: fleet.count('quarantined'),
});

/** The counts as a line to read. */
export const progressOf = (world: World): string =>
  Object.entries(countsOf(world))
    .map(([name, count]) => `${name} ${String(count)}`)
    .join(' · ');

const sumOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);
