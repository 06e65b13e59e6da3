import { kafkaLogAdmin, requiredTopicsOf } from '@reviews/streams';
import { portConnection } from '../support/bare-kafka.js';

/** How many each topic has. */
export const PARTITIONS = 4;

/** The topics of the counting service, by what they hold. */
export interface CampaignTopics {
  readonly source: string;
  readonly changelog: string;
  readonly deadLetters: string;
  readonly counts: string;
  readonly summaries: string;
  readonly receipts: string;
}

/** The names of a campaign of that prefix. */
export const topicsOf = (prefix: string): CampaignTopics => ({
  source: `${prefix}events`,
  changelog: `${prefix}changelog`,
  deadLetters: `${prefix}dead-letters`,
  counts: `${prefix}counts`,
  summaries: `${prefix}summaries`,
  receipts: `${prefix}receipts`,
});

/** Makes the topics, or finds them there. */
export const createTopics = async (brokers: readonly string[], topics: CampaignTopics): Promise<void> => {
  const admin = kafkaLogAdmin(portConnection({ clientId: 'campaign', brokers }));
  const { source, changelog, deadLetters, counts, summaries, receipts } = topics;
  const required = requiredTopicsOf({
    source,
    changelog,
    deadLetters,
    outputs: [counts, summaries, receipts],
  });
  await admin.ensureTopics(required, { partitions: PARTITIONS, replicationFactor: 1 });
  await admin.close();
};
