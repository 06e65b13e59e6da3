import type { KafkaProxy } from '../support/kafka-proxy.js';
import type { ClientFaults } from './client-faults.js';
import type { Fleet } from './fleet.js';
import type { Input } from './input.js';
import type { Random } from './random.js';
import type { CampaignTopics } from './topics.js';

/** How large a campaign is. */
export interface CampaignSize {
  readonly prefix: string;
  readonly brokers: readonly string[];
  readonly seed: number;
  readonly events: number;
  readonly eventsPerSecond: number;
  /** How often everything is done that is done to the service, each time in another order. */
  readonly rounds: number;
  /** Cuts there must have been before it may end. */
  readonly minCuts: number;
}

/** Everything a fault may need. */
export interface World {
  readonly size: CampaignSize;
  readonly random: Random;
  readonly topics: CampaignTopics;
  readonly applicationId: string;
  readonly proxy: KafkaProxy;
  readonly faults: ClientFaults;
  readonly fleet: Fleet;
  readonly input: Input;
  readonly done: {
    kills: number;
    openKills: number;
    takeOvers: number;
    lateCommits: number;
    zombiesStopped: number;
    offsetsChanged: number;
    mutualFencings: number;
  };
}
