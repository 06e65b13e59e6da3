import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { offsetOf } from '../../offset.js';
import { topicPartitionKey, type TopicPartition } from '../../records.js';
import { recordingMember, type RecordingMember, type TaskLogWorld } from './task-log-world.js';

/** What any consumer must do for a group's member. Run on the cluster in memory and on Kafka. */
export const describeGroupConsumers = (name: string, worldOf: () => Promise<TaskLogWorld>): void => {
  describe(`a member of a group on ${name}`, () => {
    let world: TaskLogWorld;
    let members: RecordingMember[] = [];
    beforeAll(async () => {
      world = await worldOf();
    });
    afterEach(async () => {
      await Promise.all(members.map(({ group }) => group.stop()));
      members = [];
    });
    afterAll(async () => {
      await world.close();
    });

    const join = async (
      groupId: string,
      topics: readonly string[],
      partitions: number,
      prepare: (member: RecordingMember) => void = () => undefined,
    ): Promise<RecordingMember> => {
      const made: RecordingMember[] = [];
      await world.join(groupId, topics, partitions, (group) => {
        const member = recordingMember(group);
        prepare(member);
        made.push(member);
        return member;
      });
      const [member] = made;
      if (member === undefined) throw new Error('nobody asked for the handlers');
      members.push(member);
      await world.eventually(() => {
        expect(member.joins.length).toBeGreaterThan(0);
      });
      return member;
    };
    const alone = async (...values: readonly string[]) => {
      const [topic = ''] = await world.newTopics(1, 1);
      const target = { topic, partition: 0 };
      if (values.length > 0) await world.append(target, ...values);
      return { target, member: await join(world.newName(), [topic], 1) };
    };
    const valuesOf = ({ batches }: RecordingMember): readonly string[] =>
      batches.flatMap(({ records }) => records.map(({ value }) => String(value)));
    const reads = (member: RecordingMember, ...values: readonly string[]): Promise<void> =>
      world.eventually(() => {
        expect(valuesOf(member)).toEqual(values);
      });

    it('is given partitions, and nothing of them until it says where to begin', async () => {
      const { target, member } = await alone('a');
      expect(member.joins).toEqual([[target]]);
      await world.pass(700);
      expect(member.batches).toEqual([]);
      expect(member.crashes).toEqual([]);
    });

    it('goes on hearing from its group while everything is paused', async () => {
      const { member } = await alone();
      const before = member.heartbeats;
      await world.eventually(() => {
        expect(member.heartbeats).toBeGreaterThan(before + 1);
      });
    });

    it('reads from exactly the offset it seeks', async () => {
      const { target, member } = await alone('a', 'b', 'c', 'd');
      member.group.seekAndResume(target, offsetOf(2));
      await reads(member, 'c', 'd');
      expect(member.batches[0]).toMatchObject({ ...target, fetchedOffset: 2 });
    });

    it('reads what was written after it began, each batch where the last one ended', async () => {
      const { target, member } = await alone('a');
      member.group.seekAndResume(target, offsetOf(0));
      await reads(member, 'a');
      await world.append(target, 'b');
      await reads(member, 'a', 'b');
      await world.append(target, 'c');
      await reads(member, 'a', 'b', 'c');
      let next = 0;
      for (const batch of member.batches) {
        expect(batch.fetchedOffset).toBe(next);
        next = batch.nextOffset;
      }
    });

    it('can be set back', async () => {
      const { target, member } = await alone('a', 'b');
      member.group.seekAndResume(target, offsetOf(0));
      await reads(member, 'a', 'b');
      member.group.seekAndResume(target, offsetOf(1));
      await reads(member, 'a', 'b', 'b');
    });

    it('is given again what it dropped', async () => {
      const { target, member } = await alone('a', 'b');
      member.answer = 'dropped';
      member.group.seekAndResume(target, offsetOf(0));
      await world.eventually(() => {
        expect(member.batches.length).toBeGreaterThan(1);
      });
      member.answer = 'applied';
      expect(member.batches.every(({ fetchedOffset }) => fetchedOffset === 0)).toBe(true);
    });

    it('is left alone while it pauses, and goes on behind what it applied', async () => {
      const { target, member } = await alone('a');
      member.group.seekAndResume(target, offsetOf(0));
      await reads(member, 'a');
      member.group.pause(target);
      await world.append(target, 'b');
      await world.pass(700);
      expect(valuesOf(member)).toEqual(['a']);
      member.group.resume(target);
      await reads(member, 'a', 'b');
    });

    it('begins anew at the first record when it asks for an offset there is not', async () => {
      const { target, member } = await alone('a', 'b');
      member.group.seekAndResume(target, offsetOf(1_000));
      await reads(member, 'a', 'b');
      expect(member.batches[0]).toMatchObject({ fetchedOffset: 0 });
    });

    it('is told of aborted records and markers by what it skips, and never sees them', async () => {
      const { target, member } = await alone();
      const id = world.newName();
      const lost = await world.log.fence(id);
      await lost.begin();
      await lost.send(target, [{ key: null, value: Buffer.from('aborted') }]);
      const writer = await world.log.fence(id);
      member.group.seekAndResume(target, offsetOf(0));
      // 0 aborted, 1 its marker
      await world.eventually(() => {
        expect(member.skips.at(-1)).toMatchObject({ partition: topicPartitionKey(target), next: 2 });
      });
      expect(member.skips[0]).toMatchObject({ first: 0 });
      await writer.begin();
      await writer.send(target, [{ key: null, value: Buffer.from('committed') }]);
      await writer.commit();
      await reads(member, 'committed');
      // 2 committed, 3 its marker: within the batch, or skipped behind it
      await world.eventually(() => {
        expect(Math.max(member.batches[0]?.nextOffset ?? 0, member.skips.at(-1)?.next ?? 0)).toBe(4);
      });
      expect(member.batches[0]).toMatchObject({ fetchedOffset: 2 });
      await Promise.all([lost.discard(), writer.discard()]);
    });

    it('shares the same partition numbers of all topics, and keeps what it has when another joins', async () => {
      const topics = await world.newTopics(2, 4);
      const group = world.newName();
      const all = topics.flatMap((topic) => [0, 1, 2, 3].map((partition) => ({ topic, partition })));
      const first = await join(group, topics, 4);
      expect(sorted(first.joins.at(-1))).toEqual(sorted(all));
      const second = await join(group, topics, 4);
      await world.eventually(() => {
        expect(numbersOf(first).length + numbersOf(second).length).toBe(4);
      });
      expect(numbersOf(first)).toHaveLength(2);
      expect(sorted([...(first.joins.at(-1) ?? []), ...(second.joins.at(-1) ?? [])])).toEqual(sorted(all));
      const kept = numbersOf(first);
      await second.group.stop();
      members = members.filter((member) => member !== second);
      await world.eventually(() => {
        expect(numbersOf(first)).toEqual([0, 1, 2, 3]);
      });
      expect(numbersOf(first)).toEqual(expect.arrayContaining([...kept]));
    });
  });
};

const numbersOf = ({ joins }: RecordingMember): readonly number[] =>
  [...new Set(joins.at(-1)?.map(({ partition }) => partition))].sort();

const sorted = (partitions: readonly TopicPartition[] = []): readonly string[] =>
  partitions.map(topicPartitionKey).sort();
