export { describeGroupConsumers } from './group-consumer.contract.js';
export { describeTransactionalWriters } from './task-log.contract.js';
export type { Cut, TaskLogWorld } from './task-log-world.js';
