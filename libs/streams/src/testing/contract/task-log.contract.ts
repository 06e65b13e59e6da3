import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { offsetOf } from '../../offset.js';
import type { OutputRecord, TopicPartition } from '../../records.js';
import type { TransactionalWriter } from '../../task/task-log.js';
import type { Cut, TaskLogWorld } from './task-log-world.js';

const record = (text: string): OutputRecord => ({ key: Buffer.from(text), value: Buffer.from(text) });

/** Key and value of such a record: four of them fit into one request. */
const BYTES_OF_LARGE = 100_000;

/** What any log must do for a task's writer. Run on the cluster in memory and on Kafka, so that the one is like the other. */
export const describeTransactionalWriters = (name: string, worldOf: () => Promise<TaskLogWorld>): void => {
  describe(`a transactional writer on ${name}`, () => {
    let world: TaskLogWorld;
    const writers: TransactionalWriter[] = [];
    beforeAll(async () => {
      world = await worldOf();
    });
    afterAll(async () => {
      await Promise.all(writers.map((writer) => writer.discard()));
      await world.close();
    });

    const newTarget = async (): Promise<TopicPartition> => {
      const [topic = ''] = await world.newTopics(1, 1);
      return { topic, partition: 0 };
    };
    const fence = async (transactionalId: string): Promise<TransactionalWriter> => {
      const writer = await world.log.fence(transactionalId);
      writers.push(writer);
      return writer;
    };
    const sending = async (
      transactionalId: string,
      target: TopicPartition,
      ...texts: readonly string[]
    ): Promise<TransactionalWriter> => {
      const writer = await fence(transactionalId);
      await writer.begin();
      await writer.send(target, texts.map(record));
      return writer;
    };
    const write = async (
      writer: TransactionalWriter,
      target: TopicPartition,
      ...texts: readonly string[]
    ) => {
      await writer.begin();
      const sent = await writer.send(target, texts.map(record));
      await writer.commit();
      return sent;
    };
    const highOf = async (target: TopicPartition): Promise<number> =>
      (await world.log.offsetsOf(target)).high;

    it('learns where its records are, and the broker time', async () => {
      const target = await newTarget();
      const sent = await write(await fence(world.newName()), target, 'a', 'b', 'c');
      expect(sent).toMatchObject({ firstOffset: 0, endOffset: 3 });
      expect(sent.appendTimeMs).toBeGreaterThan(0);
      await world.eventually(async () => {
        expect(await world.committed(target.topic)).toEqual(['a', 'b', 'c']);
      });
    });

    it('leaves a marker that takes an offset behind each transaction', async () => {
      const target = await newTarget();
      const writer = await fence(world.newName());
      await write(writer, target, 'a', 'b');
      expect(await write(writer, target, 'c')).toMatchObject({ firstOffset: 3, endOffset: 4 });
      await world.eventually(async () => {
        expect(await highOf(target)).toBe(5);
      });
    });

    it('keeps many records of one send in order', async () => {
      const target = await newTarget();
      const texts = Array.from({ length: 600 }, (_, index) => String(index));
      const sent = await write(await fence(world.newName()), target, ...texts);
      expect(sent).toMatchObject({ firstOffset: 0, endOffset: 600 });
      await world.eventually(async () => {
        expect(await world.committed(target.topic)).toEqual(texts);
      });
    });

    it('writes to several partitions at once, whether it named them at its begin or not', async () => {
      const targets = await Promise.all([newTarget(), newTarget(), newTarget()]);
      const writer = await fence(world.newName());
      await writer.begin(targets.slice(0, 2));
      const sent = await Promise.all(
        targets.map((target) => writer.send(target, [record('a'), record('b')])),
      );
      await writer.commit();
      for (const { firstOffset, endOffset } of sent) expect([firstOffset, endOffset]).toEqual([0, 2]);
      for (const { topic } of targets)
        await world.eventually(async () => {
          expect(await world.committed(topic)).toEqual(['a', 'b']);
        });
    });

    it('lets nobody read past the start of an open transaction', async () => {
      const target = await newTarget();
      await world.append(target, 'before');
      const writer = await sending(world.newName(), target, 'open');
      await world.append(target, 'behind');
      await world.pass(300);
      expect(await highOf(target)).toBe(1);
      expect(await world.committed(target.topic)).toEqual(['before']);
      await writer.commit();
      await world.eventually(async () => {
        expect(await world.committed(target.topic)).toEqual(['before', 'open', 'behind']);
      });
    });

    it('ends what an older owner had open when it fences', async () => {
      const target = await newTarget();
      const id = world.newName();
      await sending(id, target, 'lost');
      await write(await fence(id), target, 'kept');
      await world.eventually(async () => {
        expect(await world.committed(target.topic)).toEqual(['kept']);
      });
    });

    it.each<[string, (zombie: TransactionalWriter, target: TopicPartition) => Promise<unknown>]>([
      ['send', (zombie, target) => zombie.send(target, [record('late')])],
      ['send of offsets', (zombie, target) => zombie.sendOffset('group', target, offsetOf(1))],
      ['commit', (zombie) => zombie.commit()],
    ])('is refused its %s with FENCED once there is a newer owner', async (_what, act) => {
      const target = await newTarget();
      const id = world.newName();
      const zombie = await sending(id, target, 'lost');
      await fence(id);
      await expect(act(zombie, target)).rejects.toMatchObject({ code: 'FENCED' });
      await world.pass(300);
      expect(await world.committed(target.topic)).toEqual([]);
    });

    it('is refused its first transaction, too, when it was fenced before it', async () => {
      const target = await newTarget();
      const id = world.newName();
      const zombie = await fence(id);
      await fence(id);
      const late = async (): Promise<unknown> => {
        await zombie.begin();
        return zombie.send(target, [record('late')]);
      };
      await expect(late()).rejects.toMatchObject({ code: 'FENCED' });
    });

    it('leaves a transaction it gave up to whoever fences next', async () => {
      const target = await newTarget();
      const id = world.newName();
      const writer = await sending(id, target, 'given up');
      await writer.discard();
      await write(await fence(id), target, 'next');
      await world.eventually(async () => {
        expect(await world.committed(target.topic)).toEqual(['next']);
      });
    });

    it('moves the offset of a group that does not know it, and only with its commit', async () => {
      const [target, source] = [await newTarget(), await newTarget()];
      const [id, group] = [world.newName(), world.newName()];
      const writer = await sending(id, target, 'a');
      await writer.sendOffset(group, source, offsetOf(7));
      await writer.commit();
      await world.eventually(async () => {
        expect(await world.groupOffset(group, source)).toBe(7);
      });
      await writer.begin();
      await writer.send(target, [record('b')]);
      await writer.sendOffset(group, source, offsetOf(9));
      await fence(id);
      await world.pass(300);
      expect(await world.groupOffset(group, source)).toBe(7);
    });

    it('writes once what it sends again because the answer was lost', async () => {
      const target = await newTarget();
      const writer = await fence(world.newName());
      await writer.begin();
      world.cutNext('Produce', 'cut response');
      const sent = await writer.send(target, [record('once')]);
      await writer.commit();
      expect(sent).toMatchObject({ firstOffset: 0, endOffset: 1 });
      await world.eventually(async () => {
        expect(await world.committed(target.topic)).toEqual(['once']);
      });
    });

    it('writes once and in order what takes many requests when the answer to one was lost', async () => {
      const target = await newTarget();
      const texts = Array.from({ length: 40 }, (_, index) => String(index).padEnd(BYTES_OF_LARGE, '.'));
      const writer = await fence(world.newName());
      await writer.begin([target]);
      world.cutNext('Produce', 'cut response');
      const sent = await writer.send(target, texts.map(record));
      await writer.commit();
      expect(sent).toMatchObject({ firstOffset: 0, endOffset: texts.length });
      await world.eventually(async () => {
        const read = await world.committed(target.topic);
        expect(read.map(parseFloat)).toEqual(texts.map(parseFloat));
      });
    });

    it.each<[string, Cut, readonly string[]]>([
      ['did not happen', 'cut request', ['barrier']],
      ['happened', 'cut response', ['unknown', 'barrier']],
    ])('says TRANSIENT of a commit without an answer, which %s', async (_what, cut, expected) => {
      const target = await newTarget();
      const id = world.newName();
      const writer = await sending(id, target, 'unknown');
      world.cutNext('EndTxn', cut);
      await expect(writer.commit()).rejects.toMatchObject({ code: 'TRANSIENT' });
      await write(await fence(id), target, 'barrier');
      await world.eventually(async () => {
        expect(await world.committed(target.topic)).toEqual(expected);
      });
    });
  });
};
