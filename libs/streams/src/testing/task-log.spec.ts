import { describeGroupConsumers } from './contract/group-consumer.contract.js';
import { inMemoryWorld } from './in-memory-world.js';
import { describeTransactionalWriters } from './contract/task-log.contract.js';

const worldOf = () => Promise.resolve(inMemoryWorld());

describeTransactionalWriters('the cluster in memory', worldOf);
describeGroupConsumers('the cluster in memory', worldOf);
