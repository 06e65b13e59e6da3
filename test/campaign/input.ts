import type { Message, Producer, Transaction } from 'kafkajs';
import { bareKafka } from './committed-records.js';
import type { Random } from './random.js';

const POISON_SHARE = 0.01;
const CLOSE_SHARE = 0.04;
const MAX_CHUNK = 60;
const TRANSACTIONAL_SHARE = 0.3;
const ABORT_SHARE = 0.4;

/** Writes the events of the campaign: plainly, in transactions, and in transactions that come to nothing. */
export interface Input {
  /** Numbers of the events written for good; an event has its number in the header `id`, too. */
  readonly written: ReadonlySet<string>;
  /** Events of transactions that were aborted. */
  readonly aborted: number;
  /** By partition, the offset after the last event written for good. */
  readonly ends: readonly number[];
  /** Writes at least so many events for good. */
  append(events: number): Promise<void>;
  close(): Promise<void>;
}

export interface InputOptions {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly partitions: number;
  readonly accounts: number;
  readonly random: Random;
}

interface Chunk {
  readonly partition: number;
  readonly messages: readonly Message[];
}

export const startInput = async ({
  brokers,
  topic,
  partitions,
  accounts,
  random,
}: InputOptions): Promise<Input> => {
  const kafka = bareKafka(brokers);
  const plain = kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false });
  const transactional = kafka.producer({
    transactionalId: `${topic}-writer`,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
  });
  await plain.connect();
  await transactional.connect();
  const written = new Set<string>();
  const ends = Array.from({ length: partitions }, () => 0);
  let aborted = 0;
  let nextSeq = 0;

  const newMessage = (partition: number): Message => {
    const seq = nextSeq++;
    const account = partition + partitions * random.below(accounts / partitions);
    return {
      partition,
      key: `account-${account}`,
      value: valueOf(seq, random),
      headers: { id: String(seq) },
    };
  };
  const newChunk = (): Chunk => {
    const partition = random.below(partitions);
    const messages = Array.from({ length: 1 + random.below(MAX_CHUNK) }, () => newMessage(partition));
    return { partition, messages };
  };
  const send = async (sender: Pick<Producer, 'send'>, { messages }: Chunk): Promise<number> => {
    const [answer] = await sender.send({ topic, acks: -1, messages: [...messages] });
    return Number(answer?.baseOffset) + messages.length;
  };
  const keep = ({ partition, messages }: Chunk, end: number): number => {
    for (const { headers } of messages) written.add(String(headers?.['id']));
    ends[partition] = Math.max(ends[partition] ?? 0, end);
    return messages.length;
  };
  const appendPlainly = async (): Promise<number> => {
    const chunk = newChunk();
    return keep(chunk, await send(plain, chunk));
  };
  const appendInTransaction = async (): Promise<number> => {
    const transaction: Transaction = await transactional.transaction();
    const inside: { chunk: Chunk; end: number }[] = [];
    let count = 0;
    for (let chunks = 1 + random.below(3); chunks > 0; chunks--) {
      const chunk = newChunk();
      inside.push({ chunk, end: await send(transaction, chunk) });
      // Between those of the transaction, and readable only when it has ended.
      count += await appendPlainly();
    }
    if (random.chance(ABORT_SHARE)) {
      await transaction.abort();
      aborted += inside.reduce((sum, { chunk }) => sum + chunk.messages.length, 0);
      return count;
    }
    await transaction.commit();
    for (const { chunk, end } of inside) count += keep(chunk, end);
    return count;
  };

  return {
    written,
    get aborted() {
      return aborted;
    },
    ends,
    async append(events) {
      for (let left = events; left > 0;)
        left -= random.chance(TRANSACTIONAL_SHARE) ? await appendInTransaction() : await appendPlainly();
    },
    async close() {
      await plain.disconnect();
      await transactional.disconnect();
    },
  };
};

const valueOf = (seq: number, random: Random): string | null => {
  if (random.chance(POISON_SHARE))
    return random.pick([null, `poison ${seq}`, `{"add":${seq}}`, `{"seq":"${seq}"}`]);
  return JSON.stringify(
    random.chance(CLOSE_SHARE) ? { seq, close: true } : { seq, add: random.below(1_000) },
  );
};
