export type { GroupHandlers } from '../group/group-consumer.js';
export { startGroupConsumer } from '../kafkajs/group-consumer.js';
export { fenceWithKafka, kafkaTaskLog } from '../kafkajs/kafka-task-log.js';
export type { SocketFactory } from '../wire/connection-options.js';
export { InMemoryLog, type Fault, type FaultPlan } from './in-memory-log.js';
export {
  startInMemoryProcess,
  type InMemoryProcess,
  type InMemoryProcessInit,
} from './client/in-memory-process.js';
export { type NetworkPlan, type RequestFault, type RequestKind } from './client/network.js';
export { InMemoryCluster } from './cluster/in-memory-cluster.js';
export { randomOf } from './time/random.js';
export { VirtualTime } from './time/virtual-time.js';
export { taskTestDriver, type TaskTestDriver } from './task-test-driver.js';
