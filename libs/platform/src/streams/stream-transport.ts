import { ModulesContainer } from '@nestjs/core';
import { Server, type AsyncMicroserviceOptions, type CustomTransportStrategy } from '@nestjs/microservices';
import {
  startStreamService,
  StreamsError,
  type ServiceDefinition,
  type StoreSpecs,
  type StreamService,
  type StreamServiceOptions,
} from '@reviews/streams';
import { STREAMS } from './stream-handler.decorator.js';
import { streamLogicIn } from './stream-handlers.js';

/** A stream service whose logic is the handlers of Nest controllers. */
export interface StreamTransportOptions<S extends StoreSpecs, P> extends Omit<
  StreamServiceOptions<S, P>,
  'definition'
> {
  readonly definition: Omit<ServiceDefinition<S, P>, 'logicOf'>;
}

/**
 * Runs a stream service as a transport of a Nest application. The application's controllers hold the logic: one method
 * for the source, and one for ticks if the service needs them.
 *
 * ```ts
 * @Controller()
 * class WordsController {
 *   @StreamHandler('words')
 *   count(records: readonly StreamRecord[], context: TransactionContext<typeof stores>): void { … }
 * }
 *
 * app.connectMicroservice(streamTransport({ connection, definition, partitions, onFatal }));
 * await app.startAllMicroservices();
 * ```
 *
 * A handler is called with consecutive records, one or more times in a transaction, and with what it may do in it. It is
 * called directly and must be synchronous, because everything it does belongs to one transaction: guards, pipes,
 * interceptors and filters have no place there, and one on a handler is refused. Global ones do not see it. What a
 * handler throws reaches the task as it is, so that its code decides the fate. One controller serves all tasks of the
 * process: what it remembers must be in the stores or in the partition state. An application has one such transport; a
 * handler of another topic is refused, because nobody would call it.
 *
 * The service has started when `listen` is done; a start that fails rejects it. `close` finishes open transactions.
 *
 * @param start another way to run the service, for tests
 */
export const streamTransport = <S extends StoreSpecs, P>(
  options: StreamTransportOptions<S, P>,
  start: (options: StreamServiceOptions<S, P>) => Promise<StreamService> = startStreamService,
): AsyncMicroserviceOptions => ({
  inject: [ModulesContainer],
  useFactory: (modules: ModulesContainer) => ({ strategy: new StreamServer(options, start, modules) }),
});

/** Nest's side of the transport. */
class StreamServer<S extends StoreSpecs, P> extends Server implements CustomTransportStrategy {
  override readonly transportId = STREAMS;
  override readonly propagatesEventHandlerErrors = true;
  readonly #options: StreamTransportOptions<S, P>;
  readonly #start: (options: StreamServiceOptions<S, P>) => Promise<StreamService>;
  readonly #modules: ModulesContainer;
  #starting: Promise<StreamService> | undefined;
  #service: StreamService | undefined;
  #isClosed = false;

  constructor(
    options: StreamTransportOptions<S, P>,
    start: (options: StreamServiceOptions<S, P>) => Promise<StreamService>,
    modules: ModulesContainer,
  ) {
    super();
    this.#options = options;
    this.#start = start;
    this.#modules = modules;
  }

  override async listen(callback: (error?: unknown) => unknown): Promise<void> {
    try {
      this.#starting = this.#startService();
      this.#service = await this.#starting;
    } catch (error) {
      callback(error);
      return;
    }
    callback();
  }

  override async close(): Promise<void> {
    this.#isClosed = true;
    // A start that failed was reported by `listen` and has left nothing behind.
    const service = await this.#starting?.catch(() => undefined);
    this.#starting = undefined;
    this.#service = undefined;
    await service?.stop();
  }

  override on(): never {
    throw new Error('The transport of streams has no events');
  }

  /** The {@link StreamService}, while it runs. */
  override readonly unwrap: Server['unwrap'] = () => this.#service as never;

  // A function, so that a refusal rejects like any start that fails.
  async #startService(): Promise<StreamService> {
    if (this.#isClosed) throw new StreamsError('FATAL', 'The transport of streams is closed');
    const { definition, ...options } = this.#options;
    const logic = streamLogicIn<S, P>(this.#modules, definition.source);
    return this.#start({ ...options, definition: { ...definition, logicOf: () => logic } });
  }
}
