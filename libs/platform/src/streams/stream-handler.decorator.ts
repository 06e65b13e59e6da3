import { EventPattern } from '@nestjs/microservices';
import type { StreamRecord } from '@reviews/streams';

/** The transport of stream handlers: the second argument of `@EventPattern`. */
export const STREAMS = Symbol('streams');

/** The pattern of the ticks of a source. No topic has such a name. */
export const tickOf = (source: string): string => `${source}#tick`;

/** Handles records of the source. Which stores the context has is for the method to say. */
type RecordsMethod = (records: readonly StreamRecord[], context: never) => unknown;

/** Handles a tick. */
type TickMethod = (context: never) => unknown;

/** A method that returns nothing. A promise is not nothing: what comes after it would miss its transaction. */
type Synchronous<Method extends (...args: never) => unknown> = TypedPropertyDescriptor<Method> &
  (ReturnType<Method> extends ReturnType<() => void>
    ? unknown
    : 'a stream handler returns nothing, and no promise');

/** `@EventPattern` for the source of a stream service, on methods that can be one: an asynchronous one is a type error. */
export const StreamHandler =
  (source: string) =>
  <Method extends RecordsMethod>(target: object, name: string, method: Synchronous<Method>): void => {
    eventPattern(source)(target, name, method);
  };

/** `@EventPattern` for the ticks of a stream service, called while a partition of its source is idle. */
export const TickHandler =
  (source: string) =>
  <Method extends TickMethod>(target: object, name: string, method: Synchronous<Method>): void => {
    eventPattern(tickOf(source))(target, name, method);
  };

// Without a type argument, TypeScript takes the overload for maps of event types.
const eventPattern = (pattern: string): MethodDecorator => EventPattern<unknown>(pattern, STREAMS);
