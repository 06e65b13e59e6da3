/** Injection tokens of what review-api talks to. */
export const LOG_APPENDER = Symbol('LogAppender');
export const LOG_ADMIN = Symbol('LogAdmin');
export const SCHEMA_REGISTRY = Symbol('SchemaRegistry');
export const READ_MODEL = Symbol('ReadModel');
