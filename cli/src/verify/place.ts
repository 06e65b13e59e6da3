import { topicPartitionKey } from '@reviews/streams';

/** A partition of a topic, as every difference names it: `<topic>/<partition>`, with `/<offset>` for a record. */
export class Place {
  readonly partition: string;

  constructor(topic: string, partition: number) {
    this.partition = topicPartitionKey({ topic, partition });
  }

  at(offset: number): string {
    return `${this.partition}/${offset}`;
  }
}
