import type { OutputRecord, StreamRecord } from '../../records.js';
import type { ServiceDefinition, TaskLogic, TransactionContext } from '../../task/service-definition.js';

const textCodec = {
  encode: (text: string): Buffer => Buffer.from(text),
  decode: (bytes: Buffer): string => bytes.toString(),
};

const stores = {
  /** Per key how often it was added to, and how much: `times:sum`. */
  counts: { name: 'counts', codec: textCodec },
  /** What {@link TaskLogic.work} has to do, by the offset that asked for it. */
  todo: { name: 'todo', codec: textCodec },
};

/** What the service keeps per partition. */
interface Progress {
  readonly handled: number;
  readonly digest: number;
  readonly ticks: number;
  readonly summarized: number;
}

type Context = TransactionContext<typeof stores, Progress>;

const START: Progress = Object.freeze({ handled: 0, digest: 0, ticks: 0, summarized: 0 });

/** The topics of the simulated service. */
export const TOPICS = Object.freeze({
  source: 'inputs',
  changelog: 'sums-changelog',
  deadLetters: 'sums-dead-letters',
  changes: 'changes',
  swept: 'swept',
  summaries: 'summaries',
  ticks: 'ticks',
  receipts: 'receipts',
});

/** An amount from which on an addition asks for work. */
export const MUCH = 90;

/**
 * A small service that uses everything a service may: `add key amount`, `del key`, and poison. Every record is answered
 * by one change, each transaction by one summary, each idle time by a numbered tick.
 */
export const simulatedService: ServiceDefinition<typeof stores, Progress> = {
  applicationId: 'sums',
  source: TOPICS.source,
  changelog: TOPICS.changelog,
  deadLetters: TOPICS.deadLetters,
  outputs: [TOPICS.changes, TOPICS.swept, TOPICS.summaries, TOPICS.ticks, TOPICS.receipts],
  stores,
  tickIntervalMs: 2_500,
  logicOf: ({ stores: { todo } }) => logicOf([...todo.entries()].map(([key]) => key)),
  receipt: {
    topic: TOPICS.receipts,
    recordOf: ({ sourceNext, outputEnds }) => recordOf('0', JSON.stringify({ sourceNext, outputEnds })),
  },
};

const logicOf = (todo: string[]): TaskLogic<typeof stores, Progress> => ({
  process(records, context) {
    for (const record of records) handle(record, context, todo);
  },
  tick(context) {
    const progress = context.partitionState() ?? START;
    const ticks = progress.ticks + 1;
    context.emit(TOPICS.ticks, recordOf('tick', String(ticks)));
    context.setPartitionState({ ...progress, ticks });
  },
  hasWork: () => todo.length > 0,
  work(context) {
    const key = todo.shift();
    if (key === undefined) return;
    context.emit(TOPICS.swept, recordOf(key, context.get('todo', key) ?? 'nothing'));
    context.delete('todo', key);
  },
  finish(context) {
    const progress = context.partitionState() ?? START;
    const { handled, summarized } = progress;
    if (handled === summarized) return;
    context.emit(TOPICS.summaries, recordOf('summary', `${summarized}-${handled}`));
    context.setPartitionState({ ...progress, summarized: handled });
  },
});

const handle = (record: StreamRecord, context: Context, todo: string[]): undefined => {
  const text = String(record.value);
  const progress = context.partitionState() ?? START;
  context.setPartitionState({
    ...progress,
    handled: progress.handled + 1,
    digest: (Math.imul(progress.digest, 31) + record.offset + text.length) | 0,
  });
  const [verb = '', key = '', amount = ''] = text.split(' ');
  switch (verb) {
    case 'add': {
      const [times = '0', sum = '0'] = (context.get('counts', key) ?? '').split(':');
      const count = `${Number(times) + 1}:${Number(sum) + Number(amount)}`;
      context.put('counts', key, count);
      context.emit(TOPICS.changes, recordOf(key, `${record.offset}@${record.appendTimeMs} ${count}`));
      if (Number(amount) < MUCH) return;
      context.put('todo', `at${record.offset}`, key);
      todo.push(`at${record.offset}`);
      return;
    }
    case 'del':
      context.delete('counts', key);
      context.emit(TOPICS.changes, { key: Buffer.from(key), value: null });
      return;
    default:
      context.deadLetter(record, 'poison', new Error(`no such verb`));
  }
};

const recordOf = (key: string, value: string): OutputRecord => ({
  key: Buffer.from(key),
  value: Buffer.from(value),
});
