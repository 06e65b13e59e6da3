import { kafkaLogAdmin, type LogAdmin } from '@reviews/streams';
import { eventually } from './eventually.js';
import type { LaunchedStack } from './launched-stack.js';
import { coveredCommands, withReadModel } from './recomputed-rows.js';

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Does something with an administrator of the stack's Kafka. */
export const withAdmin = async <T>(
  stack: LaunchedStack,
  work: (admin: LogAdmin) => Promise<T>,
): Promise<T> => {
  const { kafkaBrokers } = await stack.run();
  const admin = kafkaLogAdmin({ clientId: 'test', brokers: kafkaBrokers.split(','), logger: silent });
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
};

/** End offsets of a topic, partition by partition. */
export const endOffsets = async (stack: LaunchedStack, topic: string): Promise<readonly number[]> =>
  withAdmin(stack, async (admin) => {
    const offsets = await admin.offsetsOf(`${stack.env['TOPIC_PREFIX'] ?? ''}${topic}`);
    return offsets.map(({ high }) => Number(high));
  });

export const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);

/** Waits until everything in `reviews` has arrived in the tables. */
export const settled = async (stack: LaunchedStack): Promise<void> => {
  const ends = await endOffsets(stack, 'reviews');
  await withReadModel(stack, (readModel) =>
    eventually(async () => {
      const covered = await coveredCommands(readModel, ends.length);
      if (ends.some((end, partition) => (covered[partition] ?? 0) < end))
        throw new Error(`Covered ${covered.join(' ')} of ${ends.join(' ')} commands`);
    }, 60_000),
  );
};
