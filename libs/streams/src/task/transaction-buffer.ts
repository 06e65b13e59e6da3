import type { OutputRecord, StreamRecord, TopicPartition } from '../records.js';
import { StreamsError } from '../streams-error.js';
import type { TransactionContext } from './service-definition.js';

/** Collects what handlers do in one transaction, until it is sent. */
export class TransactionBuffer<P> implements TransactionContext<P> {
  /** Records by topic, each in the order they were written. */
  readonly outputs = new Map<string, OutputRecord[]>();
  readonly #source: TopicPartition;
  readonly #allowedTopics: ReadonlySet<string>;
  readonly #deadLetterTopic: string;
  #partitionState: P | undefined;

  constructor(init: {
    source: TopicPartition;
    outputs: readonly string[];
    deadLetters: string;
    partitionState: P | undefined;
  }) {
    this.#source = init.source;
    this.#allowedTopics = new Set(init.outputs);
    this.#deadLetterTopic = init.deadLetters;
    this.#partitionState = init.partitionState;
  }

  emit(topic: string, record: OutputRecord): void {
    if (!this.#allowedTopics.has(topic))
      throw new StreamsError('FATAL', `${topic} is not an output this service declared`);
    this.#append(topic, record);
  }

  deadLetter({ key, value, offset }: StreamRecord, reason: string, error: unknown): void {
    const { topic, partition } = this.#source;
    const message = error instanceof Error ? error.message : String(error);
    const headers = { topic, partition: String(partition), offset: String(offset), reason, error: message };
    this.#append(this.#deadLetterTopic, {
      key,
      value,
      headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
    });
  }

  partitionState(): P | undefined {
    return this.#partitionState;
  }

  setPartitionState(state: P): void {
    this.#partitionState = state;
  }

  #append(topic: string, record: OutputRecord): void {
    const records = this.outputs.get(topic);
    if (records === undefined) this.outputs.set(topic, [record]);
    else records.push(record);
  }
}
