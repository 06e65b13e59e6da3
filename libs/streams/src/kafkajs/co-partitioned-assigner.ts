import kafkajs, { type PartitionAssigner } from 'kafkajs';

const NAME = 'CoPartitionedAssigner';
const VERSION = 1;

/**
 * Gives partition p of every subscribed topic to the same member, so that whatever belongs to a task stays together.
 * All topics have the same number of partitions; start-up refuses anything else.
 */
export const coPartitionedAssigner: PartitionAssigner = ({ cluster }) => ({
  name: NAME,
  version: VERSION,
  protocol: ({ topics }) => ({
    name: NAME,
    metadata: kafkajs.AssignerProtocol.MemberMetadata.encode({
      version: VERSION,
      topics,
      userData: Buffer.alloc(0),
    }),
  }),
  assign: ({ members, topics }) => {
    const partitions = Math.max(...topics.map((topic) => cluster.findTopicPartitionMetadata(topic).length));
    const memberIds = members.map(({ memberId }) => memberId).sort();
    return Promise.resolve(
      [...assignPartitions(memberIds, partitions)].map(([memberId, assigned]) => ({
        memberId,
        memberAssignment: kafkajs.AssignerProtocol.MemberAssignment.encode({
          version: VERSION,
          assignment: Object.fromEntries(topics.map((topic) => [topic, [...assigned]])),
          userData: Buffer.alloc(0),
        }),
      })),
    );
  },
});

/** Deals partitions 0 to n-1 out to the members in turn. */
export const assignPartitions = (
  memberIds: readonly string[],
  partitions: number,
): ReadonlyMap<string, readonly number[]> =>
  new Map(
    memberIds.map((memberId, index) => [
      memberId,
      Array.from({ length: partitions }, (_, partition) => partition).filter(
        (partition) => partition % memberIds.length === index,
      ),
    ]),
  );
