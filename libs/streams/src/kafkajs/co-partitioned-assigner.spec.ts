import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import kafkajs, { type Assigner, type Cluster, type GroupMember, type GroupMemberAssignment } from 'kafkajs';
import { coPartitionedAssigner, decodeClaim, encodeClaim } from './co-partitioned-assigner.js';

type Claim = ReturnType<typeof decodeClaim>;

const { MemberMetadata, MemberAssignment } = kafkajs.AssignerProtocol;
const CAMPAIGN = { numRuns: 1_000, seed: 1 };
const OWNS_NOTHING: Claim = { owned: [], generation: -1 };
const TOPICS = ['reviews', 'ledger-changelog'];

/** Start-up allows one size only; a topic of its own size is here to be named. */
const assignerOf = (claim: () => Claim, sizes: Readonly<Record<string, number>> = {}): Assigner => {
  const findTopicPartitionMetadata: Cluster['findTopicPartitionMetadata'] = (topic) =>
    Array.from({ length: sizes[topic] ?? 4 }, (_, partitionId) => ({
      partitionErrorCode: 0,
      partitionId,
      leader: 1,
      replicas: [1],
      isr: [1],
    }));
  const cluster: Partial<Cluster> = { findTopicPartitionMetadata };
  const logger = new kafkajs.Kafka({ brokers: ['none:1'] }).logger();
  return coPartitionedAssigner(claim)({ cluster: cluster as Cluster, groupId: 'group', logger });
};

const assigner = assignerOf(() => OWNS_NOTHING);

const joining = (memberId: string, owned: readonly number[], generation: number): GroupMember => ({
  memberId,
  memberMetadata: assignerOf(() => ({ owned, generation })).protocol({ topics: TOPICS }).metadata,
});

/** What a member wrote before there were claims. */
const olderVersion = (memberId: string): GroupMember => ({
  memberId,
  memberMetadata: MemberMetadata.encode({ version: 1, topics: TOPICS, userData: Buffer.alloc(0) }),
});

const read = (assignments: readonly GroupMemberAssignment[]): Record<string, Record<string, number[]>> =>
  Object.fromEntries(
    assignments.map(({ memberId, memberAssignment }) => [
      memberId,
      MemberAssignment.decode(memberAssignment)?.assignment ?? {},
    ]),
  );

const sourceOf = async (members: GroupMember[]): Promise<Record<string, number[] | undefined>> => {
  const assigned = read(await assigner.assign({ members, topics: TOPICS }));
  return Object.fromEntries(
    Object.entries(assigned).map(([memberId, topics]) => [memberId, topics['reviews']]),
  );
};

describe('the co-partitioned assigner', () => {
  it('gives partition p of every topic to the same member', async () => {
    const members = [joining('a', [], -1), joining('b', [], -1)];
    const assigned = read(await assigner.assign({ members, topics: TOPICS }));
    expect(assigned).toEqual({
      a: { reviews: [0, 1], 'ledger-changelog': [0, 1] },
      b: { reviews: [2, 3], 'ledger-changelog': [2, 3] },
    });
  });

  it('leaves every partition where its owner says it is', async () => {
    const members = [joining('a', [1, 3], 5), joining('b', [0, 2], 5)];
    expect(await sourceOf(members)).toEqual({ a: [1, 3], b: [0, 2] });
  });

  it('believes the later generation when two claim one partition', async () => {
    const members = [joining('returned', [0, 1, 2, 3], 4), joining('a', [0, 1], 6), joining('b', [2, 3], 6)];
    expect(await sourceOf(members)).toEqual({ a: [0, 1], b: [2], returned: [3] });
  });

  it('asks for the claim again at every join', () => {
    let owned: readonly number[] = [];
    const member = assignerOf(() => ({ owned, generation: 1 }));
    const claimed = (): Claim => {
      const metadata = MemberMetadata.decode(member.protocol({ topics: TOPICS }).metadata);
      return decodeClaim(metadata?.userData ?? Buffer.alloc(0));
    };
    expect(claimed().owned).toEqual([]);
    owned = [2, 3];
    expect(claimed().owned).toEqual([2, 3]);
  });

  it('has the name it had before there were claims, so that both versions can be in one group', () => {
    expect(assigner.name).toBe('CoPartitionedAssigner');
    expect(assigner.protocol({ topics: TOPICS }).name).toBe('CoPartitionedAssigner');
  });

  it('takes a member of the version before claims for one that owns nothing', async () => {
    expect(await sourceOf([olderVersion('a'), joining('b', [0, 3], 5)])).toEqual({ a: [1, 2], b: [0, 3] });
  });

  it('writes its topics where a leader of the version before claims looks for them', () => {
    const { memberMetadata } = joining('a', [0, 1], 5);
    expect(MemberMetadata.decode(memberMetadata)).toMatchObject({ version: 1, topics: TOPICS });
  });

  it('gives a partition only in the topics that have it', async () => {
    const uneven = assignerOf(() => OWNS_NOTHING, { reviews: 4, 'ledger-changelog': 3 });
    const members = [joining('a', [], -1), joining('b', [], -1)];
    expect(read(await uneven.assign({ members, topics: TOPICS }))).toEqual({
      a: { reviews: [0, 1], 'ledger-changelog': [0, 1] },
      b: { reviews: [2, 3], 'ledger-changelog': [2] },
    });
  });

  it('assigns nothing of no topics', async () => {
    const members = [joining('a', [0], 1)];
    expect(read(await assigner.assign({ members, topics: [] }))).toEqual({ a: {} });
  });

  it('assigns everything although a member wrote garbage', async () => {
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
      // Whole up to some byte, or with some bytes changed.
      fc
        .tuple(
          fc.nat({ max: joining('b', [0, 1], 5).memberMetadata.length }),
          fc.array(fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 255 })), { maxLength: 3 }),
        )
        .map(([length, changes]) => {
          const bytes = Buffer.from(joining('b', [0, 1], 5).memberMetadata.subarray(0, length));
          for (const [at, byte] of changes) if (at < length) bytes[at] = byte;
          return bytes;
        }),
    );
    await fc.assert(
      fc.asyncProperty(garbage, async (memberMetadata) => {
        const assigned = await sourceOf([joining('a', [0, 1], 5), { memberId: 'b', memberMetadata }]);
        expect(Object.values(assigned).flat().sort()).toEqual([0, 1, 2, 3]);
        expect(assigned['a']).toHaveLength(2);
      }),
      CAMPAIGN,
    );
  });

  it('is not kept busy by a member that announces more topics than it names', async () => {
    // version 1 │ 2,147,483,647 topics │ the first of them -2 bytes long
    const memberMetadata = Buffer.from('00017ffffffffffe', 'hex');
    const assigned = await sourceOf([joining('a', [0, 3], 5), { memberId: 'b', memberMetadata }]);
    expect(assigned).toEqual({ a: [0, 3], b: [1, 2] });
  });

  it('does not step back to read what comes before a topic of negative length', async () => {
    // version 1 │ 2 topics │ the first -4 bytes long: taken at its word, the second begins within the 2, its end here │
    const before = Buffer.from('000100000002fffc', 'hex');
    const userData = encodeClaim({ owned: [2, 3], generation: 9 });
    const size = Buffer.from([0, 0, 0, userData.length]);
    const memberMetadata = Buffer.concat([before, size, userData]);
    const assigned = await sourceOf([joining('a', [2, 3], 5), { memberId: 'b', memberMetadata }]);
    expect(assigned).toEqual({ a: [2, 3], b: [0, 1] });
  });
});

describe('a claim in user data', () => {
  const claims = fc.record({
    owned: fc.array(fc.nat({ max: 0xffff_ffff }), { maxLength: 40 }),
    generation: fc.integer({ min: -1, max: 0x7fff_ffff }),
  });

  it('is read as it was written', () => {
    fc.assert(
      fc.property(claims, (claim) => {
        expect(decodeClaim(encodeClaim(claim))).toEqual(claim);
      }),
      CAMPAIGN,
    );
  });

  it('is version, generation, number of partitions, partitions', () => {
    expect(encodeClaim({ owned: [1, 258], generation: 7 }).toString('hex')).toBe(
      ['01', '00000007', '00000002', '00000001', '00000102'].join(''),
    );
  });

  it('owns nothing when it is cut short or goes on after its end', () => {
    fc.assert(
      fc.property(claims, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 9 }), (claim, cut, more) => {
        const whole = encodeClaim(claim);
        expect(decodeClaim(whole.subarray(0, cut % whole.length))).toEqual(OWNS_NOTHING);
        expect(decodeClaim(Buffer.concat([whole, more]))).toEqual(OWNS_NOTHING);
      }),
      CAMPAIGN,
    );
  });

  it('owns nothing when it is of another version, or of no generation there can be', () => {
    const ofVersion2 = encodeClaim({ owned: [0], generation: 1 });
    ofVersion2.writeUInt8(2, 0);
    expect(decodeClaim(ofVersion2)).toEqual(OWNS_NOTHING);
    expect(decodeClaim(encodeClaim({ owned: [0], generation: -2 }))).toEqual(OWNS_NOTHING);
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(decodeClaim(Buffer.from(bytes)).generation).toBeGreaterThanOrEqual(-1);
        // The same behind a version and a count that are believed.
        const believed = Buffer.concat([Buffer.from([1]), bytes]);
        expect(decodeClaim(believed).owned.length).toBeLessThanOrEqual(believed.length / 4);
      }),
      CAMPAIGN,
    );
  });
});
