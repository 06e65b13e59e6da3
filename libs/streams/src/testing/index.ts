export { InMemoryLog, type Fault, type FaultPlan } from './in-memory-log.js';
export { inMemoryProcess, type InMemoryProcess } from './in-memory-process.js';
export { taskTestDriver, type TaskTestDriver } from './task-test-driver.js';
