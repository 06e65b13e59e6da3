import { committedRecords } from './committed-records.js';
import { verdictOf, type Verdict } from './oracle.js';
import { PARTITIONS } from './topics.js';
import type { World } from './world.js';

/** Reads what the service has written, and lets the oracle judge it. */
export const judged = async ({ size, topics, input }: World): Promise<Verdict> => {
  const [source, counts, deadLetters, summaries, receipts, changelog] = await Promise.all(
    [
      topics.source,
      topics.counts,
      topics.deadLetters,
      topics.summaries,
      topics.receipts,
      topics.changelog,
    ].map((topic) => committedRecords(size.brokers, topic)),
  );
  const differences: string[] = [];
  const readable = source?.flat().map(({ headers }) => String(headers['id'])) ?? [];
  if (readable.length !== input.written.size || readable.some((id) => !input.written.has(id)))
    differences.push(`the source holds ${readable.length} events, but ${input.written.size} were written`);
  const verdicts = Array.from({ length: PARTITIONS }, (_, partition) =>
    verdictOf(
      {
        source: source?.[partition] ?? [],
        counts: counts?.[partition] ?? [],
        deadLetters: deadLetters?.[partition] ?? [],
        summaries: summaries?.[partition] ?? [],
        receipts: receipts?.[partition] ?? [],
        changelog: changelog?.[partition] ?? [],
      },
      partition,
      topics,
    ),
  );
  return {
    lost: verdicts.reduce((sum, { lost }) => sum + lost, 0),
    duplicated: verdicts.reduce((sum, { duplicated }) => sum + duplicated, 0),
    differences: [...differences, ...verdicts.flatMap((verdict) => verdict.differences)].slice(0, 40),
  };
};
