import kafkajs, { type PartitionAssigner } from 'kafkajs';
import { assignSticky, type MemberClaim } from '../group/sticky-assignment.js';

/** What this process tells the group about itself when it joins. */
type OwnClaim = Omit<MemberClaim, 'memberId'>;

/**
 * A group takes in only members that share a protocol name, so the name stays what it was before claims existed: then,
 * a member wrote no user data and a leader read none. Both ways go well in a rolling upgrade. An older leader deals the
 * partitions out without looking at claims; a newer one takes an older member for one that owns nothing.
 */
const NAME = 'CoPartitionedAssigner';
const PROTOCOL_VERSION = 1;

const USER_DATA_VERSION = 1;
const USER_DATA_HEADER_BYTES = 9;
const PARTITION_BYTES = 4;

const OWNS_NOTHING: OwnClaim = Object.freeze({ owned: [], generation: -1 });

/**
 * Gives partition p of every subscribed topic to the same member, so that whatever belongs to a task stays together, and
 * leaves it where it is as long as the balance allows. `claim` is asked at every join.
 * All topics have the same number of partitions; start-up refuses anything else. Were it otherwise, p would be given in
 * the topics that have it.
 */
export const coPartitionedAssigner =
  (claim: () => OwnClaim): PartitionAssigner =>
  ({ cluster }) => ({
    name: NAME,
    version: PROTOCOL_VERSION,
    protocol: ({ topics }) => ({
      name: NAME,
      metadata: kafkajs.AssignerProtocol.MemberMetadata.encode({
        version: PROTOCOL_VERSION,
        topics,
        userData: encodeClaim(claim()),
      }),
    }),
    assign: ({ members, topics }) => {
      const sizes = topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).length] as const);
      const claims = members.map(({ memberId, memberMetadata }) => ({
        memberId,
        ...claimIn(memberMetadata),
      }));
      const assignments = assignSticky(claims, Math.max(0, ...sizes.map(([, size]) => size)));
      return Promise.resolve(
        [...assignments].map(([memberId, assigned]) => ({
          memberId,
          memberAssignment: kafkajs.AssignerProtocol.MemberAssignment.encode({
            version: PROTOCOL_VERSION,
            assignment: Object.fromEntries(
              sizes.map(([topic, size]) => [topic, assigned.filter((partition) => partition < size)]),
            ),
            userData: Buffer.alloc(0),
          }),
        })),
      );
    },
  });

/**
 * A claim as user data, big-endian like the rest of the protocol: version (uint8, 1), generation (int32), number of
 * partitions (uint32), partitions (uint32 each).
 */
export const encodeClaim = ({ owned, generation }: OwnClaim): Buffer => {
  const userData = Buffer.alloc(USER_DATA_HEADER_BYTES + PARTITION_BYTES * owned.length);
  userData.writeUInt8(USER_DATA_VERSION, 0);
  userData.writeInt32BE(generation, 1);
  userData.writeUInt32BE(owned.length, 5);
  owned.forEach((partition, index) => userData.writeUInt32BE(partition, partitionAt(index)));
  return userData;
};

/** Reads what {@link encodeClaim} wrote. Anything else, also a later version of it, claims nothing. */
export const decodeClaim = (userData: Buffer): OwnClaim => {
  if (userData.length < USER_DATA_HEADER_BYTES || userData.readUInt8(0) !== USER_DATA_VERSION)
    return OWNS_NOTHING;
  const generation = userData.readInt32BE(1);
  const count = userData.readUInt32BE(5);
  if (generation < -1 || userData.length !== partitionAt(count)) return OWNS_NOTHING;
  const owned = Array.from({ length: count }, (_, index) => userData.readUInt32BE(partitionAt(index)));
  return { owned, generation };
};

const partitionAt = (index: number): number => USER_DATA_HEADER_BYTES + PARTITION_BYTES * index;

// One unreadable member must not keep the leader from assigning, or the whole group stands still.
const claimIn = (memberMetadata: Buffer): OwnClaim => {
  try {
    return decodeClaim(userDataIn(memberMetadata));
  } catch {
    return OWNS_NOTHING;
  }
};

/**
 * Version (int16), topics (int32 count; int16 length and bytes each), user data (int32 length and bytes).
 * The client's own decoder believes a negative length, steps back and reads the same topic two thousand million times.
 */
const userDataIn = (memberMetadata: Buffer): Buffer => {
  let at = 6;
  for (let topics = memberMetadata.readInt32BE(2); topics > 0; topics -= 1)
    at += 2 + Math.max(0, memberMetadata.readInt16BE(at));
  return memberMetadata.subarray(at + 4, at + 4 + Math.max(0, memberMetadata.readInt32BE(at)));
};
