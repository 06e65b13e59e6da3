/** Injection tokens of what stats-sink talks to. */
export const LOG_ADMIN = Symbol('LogAdmin');
export const SCHEMA_REGISTRY = Symbol('SchemaRegistry');
export const READ_MODEL = Symbol('ReadModel');
