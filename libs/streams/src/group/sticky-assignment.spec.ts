import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assignSticky, type MemberClaim } from './sticky-assignment.js';

const CAMPAIGN = { numRuns: 500, seed: 1 };

type Assignment = ReadonlyMap<string, readonly number[]>;

const rangeTo = (end: number): number[] => Array.from({ length: end }, (_, index) => index);

/** Claims such as a group may see: outdated, overlapping, twice the same, beyond the last partition. */
const claims = (most: { members: number; partitions: number }): fc.Arbitrary<MemberClaim[]> =>
  fc.uniqueArray(
    fc.record({
      memberId: fc.integer({ min: 0, max: 99 }).map((id) => `m${id}`),
      owned: fc.array(fc.integer({ min: -1, max: most.partitions }), { maxLength: most.partitions + 2 }),
      generation: fc.integer({ min: -1, max: 3 }),
    }),
    { maxLength: most.members, selector: ({ memberId }) => memberId },
  );

const claimsOf = (assignment: Assignment, generation: number): MemberClaim[] =>
  [...assignment].map(([memberId, owned]) => ({ memberId, owned, generation }));

const newcomer = (memberId: string): MemberClaim => ({ memberId, owned: [], generation: -1 });

/** The rule for one partition, said the long way round: nobody else's claim is stronger. */
const ownerOf = (partition: number, members: readonly MemberClaim[]): string | undefined => {
  const claimants = members.filter(({ owned }) => owned.includes(partition));
  const newest = Math.max(...claimants.map(({ generation }) => generation));
  const candidates = claimants.filter(({ generation }) => generation === newest);
  return candidates.map(({ memberId }) => memberId).sort()[0];
};

const movesOf = (assignment: Assignment, members: readonly MemberClaim[]): number =>
  [...assignment]
    .flatMap(([memberId, assigned]) => assigned.map((partition) => ({ memberId, partition })))
    .filter(({ memberId, partition }) => {
      const owner = ownerOf(partition, members);
      return owner !== undefined && owner !== memberId;
    }).length;

const expectValid = (assignment: Assignment, memberIds: readonly string[], partitions: number): void => {
  expect([...assignment.keys()].sort()).toEqual([...memberIds].sort());
  const all = [...assignment.values()].flat().sort((a, b) => a - b);
  expect(all).toEqual(memberIds.length === 0 ? [] : rangeTo(partitions));
};

const expectBalanced = (assignment: Assignment): void => {
  const sizes = [...assignment.values()].map((assigned) => assigned.length);
  if (sizes.length > 0) expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
};

/** The fewest moves of any even assignment, found by trying them all. */
const fewestMoves = (members: readonly MemberClaim[], partitions: number): number => {
  const owners = rangeTo(partitions).map((partition) => ownerOf(partition, members));
  const least = Math.floor(partitions / members.length);
  const most = Math.ceil(partitions / members.length);
  const sizes = new Map(members.map(({ memberId }) => [memberId, 0]));
  const tryFrom = (partition: number): number => {
    if (partition === partitions)
      return [...sizes.values()].every((size) => size >= least) ? 0 : Number.POSITIVE_INFINITY;
    const owner = owners[partition];
    let fewest = Number.POSITIVE_INFINITY;
    for (const [memberId, size] of sizes) {
      if (size === most) continue;
      sizes.set(memberId, size + 1);
      const moved = owner !== undefined && owner !== memberId ? 1 : 0;
      fewest = Math.min(fewest, moved + tryFrom(partition + 1));
      sizes.set(memberId, size);
    }
    return fewest;
  };
  return tryFrom(0);
};

describe('the sticky assignment', () => {
  it('gives every partition to exactly one member, evenly, in order, whatever is claimed', () => {
    fc.assert(
      fc.property(
        claims({ members: 12, partitions: 40 }),
        fc.integer({ min: 0, max: 40 }),
        (members, partitions) => {
          const assignment = assignSticky(members, partitions);
          const memberIds = members.map(({ memberId }) => memberId);
          expectValid(assignment, memberIds, partitions);
          expectBalanced(assignment);
          for (const assigned of assignment.values())
            expect(assigned).toEqual([...assigned].sort((a, b) => a - b));
        },
      ),
      CAMPAIGN,
    );
  });

  it('does not depend on the order of members or of what they claim', () => {
    const shuffled = claims({ members: 8, partitions: 16 }).chain((members) =>
      fc.tuple(
        fc.constant(members),
        fc
          .shuffledSubarray(members, { minLength: members.length })
          .map((order) => order.map((member) => ({ ...member, owned: [...member.owned].reverse() }))),
      ),
    );
    fc.assert(
      fc.property(shuffled, fc.integer({ min: 0, max: 16 }), ([members, permuted], partitions) => {
        expect([...assignSticky(permuted, partitions)]).toEqual([...assignSticky(members, partitions)]);
      }),
      CAMPAIGN,
    );
  });

  it('moves as few partitions as any even assignment can', () => {
    const members = claims({ members: 4, partitions: 6 }).filter(({ length }) => length > 0);
    fc.assert(
      fc.property(members, fc.integer({ min: 0, max: 6 }), (claimed, partitions) => {
        expect(movesOf(assignSticky(claimed, partitions), claimed)).toBe(fewestMoves(claimed, partitions));
      }),
      CAMPAIGN,
    );
  });

  it('moves nothing when nothing changed', () => {
    fc.assert(
      fc.property(
        claims({ members: 12, partitions: 40 }),
        fc.integer({ min: 0, max: 40 }),
        (members, partitions) => {
          const before = assignSticky(members, partitions);
          const after = assignSticky(claimsOf(before, 4), partitions);
          expect(new Map(after)).toEqual(new Map(before));
        },
      ),
      CAMPAIGN,
    );
  });

  it('moves what a leaver had and nothing else, through any chain of joins and leaves', () => {
    const changes = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(changes, fc.integer({ min: 0, max: 24 }), (chain, partitions) => {
        let assignment: Assignment = new Map();
        for (const [generation, id] of chain.entries()) {
          const memberId = `m${id}`;
          const before = assignment;
          const stayed = claimsOf(before, generation).filter((member) => member.memberId !== memberId);
          const joins = !before.has(memberId);
          assignment = assignSticky(joins ? [...stayed, newcomer(memberId)] : stayed, partitions);

          expectValid(
            assignment,
            joins ? [...before.keys(), memberId] : stayed.map((m) => m.memberId),
            partitions,
          );
          expectBalanced(assignment);
          for (const { memberId: other, owned } of stayed)
            if (joins) expect(owned).toEqual(expect.arrayContaining([...(assignment.get(other) ?? [])]));
            else expect(assignment.get(other)).toEqual(expect.arrayContaining([...owned]));
          // A newcomer never gets the larger share: that would move one partition more than balance asks for.
          if (joins) expect(assignment.get(memberId)).toHaveLength(Math.floor(partitions / assignment.size));
        }
      }),
      CAMPAIGN,
    );
  });

  it('gives a partition that several claim to the claim of the latest generation', () => {
    //   zombie  g4: 0 1 2 3      it missed generations 5 to 7, in which a and b were given everything
    //   a       g7: 0 1
    //   b       g7:     2 3 4 5
    const assignment = assignSticky(
      [
        { memberId: 'zombie', owned: [0, 1, 2, 3], generation: 4 },
        { memberId: 'a', owned: [0, 1], generation: 7 },
        { memberId: 'b', owned: [2, 3, 4, 5], generation: 7 },
      ],
      6,
    );
    expect(new Map(assignment)).toEqual(
      new Map([
        ['a', [0, 1]],
        ['b', [2, 3]],
        ['zombie', [4, 5]],
      ]),
    );
  });

  it('lets the outdated keep what nobody claimed since', () => {
    const assignment = assignSticky(
      [
        { memberId: 'a', owned: [0, 3], generation: 7 },
        { memberId: 'late', owned: [0, 2], generation: 4 },
      ],
      4,
    );
    expect(new Map(assignment)).toEqual(
      new Map([
        ['a', [0, 3]],
        ['late', [1, 2]],
      ]),
    );
  });

  it('lets the smallest member id win between claims of one generation', () => {
    const assignment = assignSticky(
      [
        { memberId: 'b', owned: [1], generation: 2 },
        { memberId: 'a', owned: [1], generation: 2 },
      ],
      2,
    );
    expect(assignment.get('a')).toEqual([1]);
  });

  it('ignores claims of partitions there are none of, and claims made twice', () => {
    const assignment = assignSticky(
      [
        { memberId: 'a', owned: [-1, 2, 99, 0.5], generation: 9 },
        { memberId: 'b', owned: [1, 1, 1], generation: 1 },
        { memberId: 'c', owned: [], generation: -1 },
      ],
      3,
    );
    expect(new Map(assignment)).toEqual(
      new Map([
        ['a', [2]],
        ['b', [1]],
        ['c', [0]],
      ]),
    );
  });

  it('leaves members without work when there are more of them than partitions', () => {
    const assignment = assignSticky(
      [newcomer('a'), { memberId: 'b', owned: [0], generation: 1 }, newcomer('c')],
      1,
    );
    expect(new Map(assignment)).toEqual(
      new Map([
        ['a', []],
        ['b', [0]],
        ['c', []],
      ]),
    );
  });

  it('assigns nothing when nobody is there', () => {
    expect(assignSticky([], 8).size).toBe(0);
  });
});
