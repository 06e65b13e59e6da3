/** What a member says it owns when it joins. Member ids are unique in a group. */
export interface MemberClaim {
  readonly memberId: string;
  readonly owned: readonly number[];
  /** The group generation in which it got them; -1 when it has none. */
  readonly generation: number;
}

/**
 * Gives each of the partitions 0 to n-1 to one member: evenly, and to the member that owns it already wherever an even
 * share allows that, because a partition that moves has its state restored elsewhere before it goes on.
 * Depends on the members and their claims, not on the order in which they are listed, so that any leader decides alike.
 */
export const assignSticky = (
  members: readonly MemberClaim[],
  partitions: number,
): ReadonlyMap<string, readonly number[]> => {
  const all = Array.from({ length: partitions }, (_, partition) => partition);
  const owners = ownersOf(members);
  // Members that own most come first: where the shares differ by one, the larger ones let them keep one more.
  const holdings = [...members]
    .sort(byMemberId)
    .map(({ memberId }) => ({
      memberId,
      held: all.filter((partition) => owners.get(partition) === memberId),
    }))
    .sort((a, b) => b.held.length - a.held.length);

  const shares = holdings.map(({ memberId, held }, index) => {
    const size = Math.floor(partitions / members.length) + (index < partitions % members.length ? 1 : 0);
    return { memberId, size, kept: held.slice(0, size) };
  });
  const kept = new Set(shares.flatMap((share) => share.kept));
  const free = all.filter((partition) => !kept.has(partition));
  return new Map(
    shares.map((share) => {
      const taken = free.splice(0, share.size - share.kept.length);
      return [share.memberId, [...share.kept, ...taken].sort((a, b) => a - b)];
    }),
  );
};

/**
 * Who owns what. A member that was away for a generation or more still claims what others were given meanwhile:
 * the later generation is right.
 */
const ownersOf = (members: readonly MemberClaim[]): ReadonlyMap<number, string> => {
  const strongestFirst = [...members].sort((a, b) => b.generation - a.generation || byMemberId(a, b));
  const owners = new Map<number, string>();
  for (const { memberId, owned } of strongestFirst)
    for (const partition of owned) if (!owners.has(partition)) owners.set(partition, memberId);
  return owners;
};

const byMemberId = (a: MemberClaim, b: MemberClaim): number => (a.memberId < b.memberId ? -1 : 1);
