/** The topics of the counting service, by what they hold. */
export interface CampaignTopics {
  readonly source: string;
  readonly changelog: string;
  readonly deadLetters: string;
  readonly counts: string;
  readonly summaries: string;
  readonly receipts: string;
}

export const topicsOf = (prefix: string): CampaignTopics => ({
  source: `${prefix}events`,
  changelog: `${prefix}changelog`,
  deadLetters: `${prefix}dead-letters`,
  counts: `${prefix}counts`,
  summaries: `${prefix}summaries`,
  receipts: `${prefix}receipts`,
});
