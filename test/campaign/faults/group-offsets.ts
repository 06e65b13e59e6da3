import { eventually } from '../../support/eventually.js';
import { bareKafka } from '../committed-records.js';
import { PATIENCE_MS } from '../waiting.js';
import type { CampaignSize, World } from '../world.js';

/** Does something to the group while it has no members: they would commit over it, or keep it from being deleted. */
export const withoutProcesses = async (
  world: World,
  work: (world: World) => Promise<void>,
): Promise<void> => {
  const { fleet, done } = world;
  await fleet.stop();
  await work(world);
  done.offsetsChanged += 1;
  fleet.start();
  fleet.start();
  await fleet.running();
};

/** Deletes the group, and its offsets with it. */
export const deleteGroupOffsets = async ({ size, applicationId }: World): Promise<void> => {
  // Whoever was stopped before it could leave is a member for a while.
  await eventually(() => withAdmin(size, (admin) => admin.deleteGroups([applicationId])), PATIENCE_MS);
};

/** Moves the group's offsets, as somebody who is no member: the broker accepts it within a transaction. */
export const moveGroupOffsets = async (
  { size, applicationId, topics, random }: World,
  where: 'start' | 'end',
): Promise<void> => {
  const moved = await withAdmin(size, (admin) =>
    Promise.all(
      [topics.source, topics.changelog].map(async (topic) => ({
        topic,
        partitions: (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => ({
          partition,
          offset: where === 'start' ? low : high,
        })),
      })),
    ),
  );
  const transactionalId = `${applicationId}-mover-${random.below(1_000_000)}`;
  const producer = bareKafka(size.brokers).producer({ transactionalId, maxInFlightRequests: 1 });
  await producer.connect();
  const transaction = await producer.transaction();
  // As the first act of a transaction it may meet its own beginning.
  await eventually(() => transaction.sendOffsets({ consumerGroupId: applicationId, topics: moved }));
  await transaction.commit();
  await producer.disconnect();
  await eventually(() => expectGroupOffsets(size, applicationId, moved));
};

type MovedOffsets = readonly {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
}[];

const expectGroupOffsets = (size: CampaignSize, groupId: string, moved: MovedOffsets): Promise<void> =>
  withAdmin(size, async (admin) => {
    for (const { topic, partitions } of moved) {
      const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
      for (const { partition, offset } of partitions)
        if (found?.partitions.find((at) => at.partition === partition)?.offset !== offset)
          throw new Error(`The offsets of ${groupId} on ${topic} were not moved`);
    }
  });

type Admin = ReturnType<ReturnType<typeof bareKafka>['admin']>;

const withAdmin = async <T>({ brokers }: CampaignSize, work: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = bareKafka(brokers).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
};
