import { types } from 'node:util';
import {
  EXCEPTION_FILTERS_METADATA,
  GUARDS_METADATA,
  INTERCEPTORS_METADATA,
  PIPES_METADATA,
} from '@nestjs/common/constants.js';
import { MetadataScanner, type ModulesContainer } from '@nestjs/core';
import { PARAM_ARGS_METADATA } from '@nestjs/microservices/constants.js';
import { RpcParamtype } from '@nestjs/microservices/enums/rpc-paramtype.enum.js';
import { ListenerMetadataExplorer } from '@nestjs/microservices/listener-metadata-explorer.js';
import { StreamsError, type StoreSpecs, type TaskLogic } from '@reviews/streams';
import { STREAMS, tickOf } from './stream-handler.decorator.js';

/** What a handler takes: in words, and as `@Payload` and `@Ctx` may say it. */
interface Parameters {
  readonly inWords: string;
  readonly places: readonly string[];
}
const RECORDS_AND_CONTEXT: Parameters = {
  inWords: 'the records, then the context',
  places: [`${RpcParamtype.PAYLOAD}:0`, `${RpcParamtype.CONTEXT}:1`],
};
const CONTEXT: Parameters = { inWords: 'the context', places: [`${RpcParamtype.CONTEXT}:0`] };

const ENHANCERS = [GUARDS_METADATA, PIPES_METADATA, INTERCEPTORS_METADATA, EXCEPTION_FILTERS_METADATA];

/** A method of a controller, to be called directly. */
interface Handler {
  readonly pattern: string;
  /** `Controller.method`, for messages. */
  readonly name: string;
  readonly controller: object;
  readonly method: (...args: never) => unknown;
  /** What `@Payload` and `@Ctx` said, by kind and index; empty without them. */
  readonly parameters: Readonly<
    Record<string, { readonly data?: unknown; readonly pipes: readonly unknown[] }>
  >;
}

/**
 * The logic that the controllers of an application hold for a source.
 *
 * Nest wraps each handler into an asynchronous function, for what may surround it. Here the methods themselves are
 * called: a transaction ends when they return.
 *
 * @throws StreamsError FATAL when there is not exactly one handler, or when it asks for what it would not get
 */
export const streamLogicIn = <S extends StoreSpecs, P>(
  modules: ModulesContainer,
  source: string,
): TaskLogic<S, P> => {
  const tick = tickOf(source);
  const handlers = handlersIn(modules);
  const stranger = handlers.find(({ pattern }) => pattern !== source && pattern !== tick);
  if (stranger !== undefined)
    throw refusal(`${stranger.name} handles ${stranger.pattern}, but the source is ${source}`);
  const onRecords = onlyOne(handlers, source);
  if (onRecords === undefined) throw refusal(`No controller handles ${source}, the source`);
  const onTick = onlyOne(handlers, tick);
  checkHandler(onRecords, RECORDS_AND_CONTEXT);
  if (onTick !== undefined) checkHandler(onTick, CONTEXT);
  return {
    process(records, context) {
      call(onRecords, records, context);
    },
    ...(onTick === undefined
      ? {}
      : {
          tick(context): undefined {
            call(onTick, context);
          },
        }),
  };
};

const handlersIn = (modules: ModulesContainer): readonly Handler[] => {
  const explorer = new ListenerMetadataExplorer(new MetadataScanner());
  const wrappers = [...modules.values()].flatMap(({ controllers }) => [...controllers.values()]);
  return wrappers.flatMap((wrapper) => {
    const controller: object = wrapper.instance;
    const own = explorer
      .explore(controller)
      // Nest's type knows its own transports only.
      .filter(({ transport, isEventHandler }) => isEventHandler && Object.is(transport, STREAMS));
    return own.flatMap(({ methodKey, targetCallback, patterns }) => {
      const name = `${controller.constructor.name}.${methodKey}`;
      if (!wrapper.isDependencyTreeStatic())
        throw refusal(`${name} handles a stream, but its controller is made anew for each request`);
      const parameters = (Reflect.getMetadata(PARAM_ARGS_METADATA, controller.constructor, methodKey) ??
        {}) as Handler['parameters'];
      const handler = { name, controller, method: targetCallback, parameters };
      return patterns.map((pattern) => ({
        ...handler,
        pattern: typeof pattern === 'string' ? pattern : JSON.stringify(pattern),
      }));
    });
  });
};

const onlyOne = (handlers: readonly Handler[], wanted: string): Handler | undefined => {
  const [first, second] = handlers.filter(({ pattern }) => pattern === wanted);
  if (first !== undefined && second !== undefined)
    throw refusal(`${first.name} and ${second.name} both handle ${wanted}`);
  return first;
};

const checkHandler = (
  { name, controller, method, parameters }: Handler,
  { inWords, places }: Parameters,
): void => {
  if (types.isAsyncFunction(method))
    throw refusal(`${name} is asynchronous, but a stream handler must not be`);
  const isSurrounded = ENHANCERS.some(
    (key) => Reflect.hasMetadata(key, method) || Reflect.hasMetadata(key, controller.constructor),
  );
  if (isSurrounded)
    throw refusal(
      `${name} has a guard, pipe, interceptor or filter, but a stream handler is called directly`,
    );
  const isPlain = Object.entries(parameters).every(
    ([place, { data, pipes }]) => places.includes(place) && data === undefined && pipes.length === 0,
  );
  if (!isPlain) throw refusal(`${name} must take ${inWords}, as they are`);
};

const call = ({ name, controller, method }: Handler, ...args: unknown[]): void => {
  const result: unknown = Reflect.apply(method, controller, args);
  if (result === undefined) return;
  // The task stops over this; how the promise ends is of no interest any more, and must not end the process first.
  if (types.isPromise(result)) result.catch(() => undefined);
  throw refusal(
    `${name} returned ${types.isPromise(result) ? 'a promise' : 'a value'}, but a stream handler must be synchronous and return nothing`,
  );
};

const refusal = (message: string): StreamsError => new StreamsError('FATAL', message);
