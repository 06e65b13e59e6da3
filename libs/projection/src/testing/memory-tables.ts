import { ReadModelError, type SinkRange, type SinkStore, type SinkTopic } from '@reviews/read-model';

type Stored<Method extends Exclude<keyof SinkStore, 'positionsOf'>> = Parameters<
  SinkStore[Method]
>[1][number];

/** The tables, as far as a sink can see them: positions that never go back, and what was stored, in order. */
export class MemoryTables implements SinkStore {
  readonly reviews: Stored<'storeReviews'>[] = [];
  readonly longTermStats: Stored<'storeLongTermStats'>[] = [];
  readonly recentStats: Stored<'storeRecentStats'>[] = [];
  readonly aggregatorProgress: Stored<'storeAggregatorProgress'>[] = [];
  readonly fraudDetectorProgress: Stored<'storeFraudDetectorProgress'>[] = [];
  readonly positions = new Map<string, number>();
  /** Fails every call while set. */
  failure: Error | undefined;

  positionsOf(
    partitions: readonly { readonly topic: SinkTopic; readonly partition: number }[],
  ): Promise<readonly number[]> {
    return this.#answer(() =>
      partitions.map(({ topic, partition }) => this.positions.get(`${topic}/${partition}`) ?? 0),
    );
  }

  storeReviews(range: SinkRange, updates: readonly Stored<'storeReviews'>[]): Promise<void> {
    return this.#store(range, this.reviews, updates);
  }

  storeLongTermStats(range: SinkRange, statistics: readonly Stored<'storeLongTermStats'>[]): Promise<void> {
    return this.#store(range, this.longTermStats, statistics);
  }

  storeRecentStats(range: SinkRange, statistics: readonly Stored<'storeRecentStats'>[]): Promise<void> {
    return this.#store(range, this.recentStats, statistics);
  }

  storeAggregatorProgress(
    range: SinkRange,
    records: readonly Stored<'storeAggregatorProgress'>[],
  ): Promise<void> {
    return this.#store(range, this.aggregatorProgress, records);
  }

  storeFraudDetectorProgress(
    range: SinkRange,
    records: readonly Stored<'storeFraudDetectorProgress'>[],
  ): Promise<void> {
    return this.#store(range, this.fraudDetectorProgress, records);
  }

  #store<Row>({ topic, partition, from, to }: SinkRange, table: Row[], rows: readonly Row[]): Promise<void> {
    return this.#answer(() => {
      const position = this.positions.get(`${topic}/${partition}`) ?? 0;
      if (position < from) throw new ReadModelError('POSITION_GAP', 'a gap');
      if (position >= to) return;
      table.push(...rows);
      this.positions.set(`${topic}/${partition}`, to);
    });
  }

  async #answer<T>(answer: () => T): Promise<T> {
    await Promise.resolve();
    if (this.failure !== undefined) throw this.failure;
    return answer();
  }
}
