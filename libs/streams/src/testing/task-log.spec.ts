import { describeGroupConsumers } from './group-consumer.contract.js';
import { inMemoryWorld } from './in-memory-world.js';
import { describeTransactionalWriters } from './task-log.contract.js';

const worldOf = () => Promise.resolve(inMemoryWorld());

describeTransactionalWriters('the cluster in memory', worldOf);
describeGroupConsumers('the cluster in memory', worldOf);
