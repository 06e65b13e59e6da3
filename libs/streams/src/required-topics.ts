import type { RequiredTopic } from './admin.js';
import type { ServiceDefinition, StoreSpecs } from './task/service-definition.js';

/** A source that expires or compacts would lose what a task that was away has not read yet. */
const COMPLETE = { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' };

/** A state is the last record of each key, and ticks get their time from the broker's stamp on the task's own records. */
const CHANGELOG = { 'cleanup.policy': 'compact', 'message.timestamp.type': 'LogAppendTime' };

/** The active segment is never compacted: with Kafka's defaults even a tiny state takes half a minute to restore. */
const ROLLS_OFTEN = {
  'segment.bytes': String(32 * 1024 * 1024),
  'segment.ms': '3600000',
  'min.cleanable.dirty.ratio': '0.1',
};

/** The topics of a service. All have the same number of partitions. */
export const requiredTopicsOf = <S extends StoreSpecs, P>({
  source,
  changelog,
  outputs,
  deadLetters,
}: Pick<
  ServiceDefinition<S, P>,
  'source' | 'changelog' | 'outputs' | 'deadLetters'
>): readonly RequiredTopic[] => [
  { name: source, config: COMPLETE },
  { name: changelog, config: CHANGELOG, creationConfig: ROLLS_OFTEN },
  ...outputs.map((name) => ({ name, config: {} })),
  { name: deadLetters, config: {} },
];
