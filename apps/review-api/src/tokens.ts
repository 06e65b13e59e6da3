/** Injection tokens of what review-api talks to. */
export const LOG_APPENDER = Symbol('LogAppender');
export const LOG_ADMIN = Symbol('LogAdmin');
export const SCHEMA_REGISTRY = Symbol('SchemaRegistry');
export const READ_MODEL = Symbol('ReadModel');
/** Injection token of the limits on request bodies. */
export const BODY_LIMITS = Symbol('BodyLimits');
