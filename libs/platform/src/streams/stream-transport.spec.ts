import 'reflect-metadata';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Injectable,
  Module,
  Scope,
  UseGuards,
  type CanActivate,
  type INestMicroservice,
  type NestApplicationOptions,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, Payload, type AsyncMicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  jsonCodec,
  StreamsError,
  type ServiceDefinition,
  type StreamRecord,
  type StreamService,
  type TransactionContext,
} from '@reviews/streams';
import { taskTestDriver } from '@reviews/streams/testing';
import { pino } from 'pino';
import { STREAMS, StreamHandler, TickHandler, tickOf } from './stream-handler.decorator.js';
import { streamTransport } from './stream-transport.js';

const stores = { counts: { name: 'counts', codec: jsonCodec<number>() } };
type Definition = ServiceDefinition<typeof stores, string>;
type Context = TransactionContext<typeof stores, string>;

@Injectable()
class Spelling {
  of(record: StreamRecord): string {
    return String(record.value).toLowerCase();
  }
}

@Controller()
class WordsController {
  constructor(private readonly spelling: Spelling) {}

  @StreamHandler('words')
  count(records: readonly StreamRecord[], context: Context): void {
    for (const record of records) {
      const word = this.spelling.of(record);
      if (word === 'impossible') throw new StreamsError('IMPOSSIBLE_RECORD', `words/0/${record.offset}`);
      const count = (context.get('counts', word) ?? 0) + 1;
      context.put('counts', word, count);
      context.emit('word-counts', { key: Buffer.from(word), value: Buffer.from(String(count)) });
    }
  }

  @TickHandler('words')
  rest(context: Context): void {
    context.setPartitionState(`idle at ${context.appendTimeMs}`);
  }
}

@Controller()
class PlainNestController {
  @EventPattern<'words'>('words', STREAMS)
  count(@Payload() records: readonly StreamRecord[], @Ctx() context: Context): void {
    context.put('counts', 'all', records.length);
  }

  @EventPattern<string[]>([tickOf('words')], STREAMS)
  rest(@Ctx() context: Context): void {
    context.setPartitionState('idle');
  }

  @EventPattern<'words'>('words', Symbol('another transport'))
  of(): string {
    return 'another transport';
  }
}

const stops: string[] = [];
const started: Definition[] = [];
const closings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
  stops.length = 0;
  started.length = 0;
});

const service: StreamService = {
  tasks: () => [],
  isHealthy: () => true,
  stop() {
    stops.push('stopped');
    return Promise.resolve();
  },
};

const transport = (
  start: () => Promise<StreamService> = () => Promise.resolve(service),
): AsyncMicroserviceOptions =>
  streamTransport<typeof stores, string>(
    {
      connection: { clientId: 'test', brokers: ['localhost:9092'], logger: pino({ level: 'silent' }) },
      partitions: 4,
      definition: {
        applicationId: 'word-count',
        source: 'words',
        changelog: 'word-count-changelog',
        deadLetters: 'word-count-dead-letters',
        outputs: ['word-counts'],
        stores,
      },
      onFatal: (error) => {
        throw error;
      },
    },
    ({ definition }) => {
      started.push(definition);
      return start();
    },
  );

const moduleWith = (...controllers: Type[]): Type => {
  @Module({ controllers, providers: [Spelling] })
  class WordCountModule {}
  return WordCountModule;
};

const SILENT: Pick<NestApplicationOptions, 'logger'> = { logger: false };

const applicationOf = async (
  options: AsyncMicroserviceOptions,
  ...controllers: Type[]
): Promise<INestMicroservice> => {
  const all: AsyncMicroserviceOptions & typeof SILENT = { ...options, ...SILENT };
  const app = await NestFactory.createMicroservice(moduleWith(...controllers), all);
  closings.push(() => app.close());
  return app;
};

/** The definition an application with these controllers starts. */
const definitionOf = async (...controllers: Type[]): Promise<Definition> => {
  const app = await applicationOf(transport(), ...controllers);
  await app.listen();
  const [definition] = started;
  if (definition === undefined) throw new Error('nothing was started');
  return definition;
};

const startOf = async (...controllers: Type[]): Promise<void> => {
  await definitionOf(...controllers);
};

describe('a stream service under Nest', () => {
  it('hands records to the method for its source, with what Nest injects', async () => {
    const driver = taskTestDriver(await definitionOf(WordsController));
    const outputs = driver.pipe(Buffer.from('One'), Buffer.from('two'), Buffer.from('one'));
    const counts = outputs.get('word-counts')?.map(({ key, value }) => `${String(key)} ${String(value)}`);
    expect(counts).toEqual(['one 1', 'two 1', 'one 2']);
    expect(driver.stores.counts.get('one')).toBe(2);
  });

  it('hands ticks to the method for them', async () => {
    const driver = taskTestDriver(await definitionOf(WordsController));
    driver.tick(1_700_000_000_000);
    expect(driver.partitionState).toBe('idle at 1700000000000');
  });

  it("takes Nest's own decorators just as well, and leaves other transports alone", async () => {
    const driver = taskTestDriver(await definitionOf(PlainNestController));
    driver.pipe(Buffer.from('a'), Buffer.from('b'));
    driver.tick(0);
    expect(driver.stores.counts.get('all')).toBe(2);
    expect(driver.partitionState).toBe('idle');
  });

  it('has no ticks when no method asks for them', async () => {
    @Controller()
    class NoTicks {
      @StreamHandler('words')
      count(): void {
        return;
      }
    }
    const definition = await definitionOf(NoTicks);
    const { stores: empty } = taskTestDriver(definition);
    const logic = definition.logicOf({ partition: 0, stores: empty, partitionState: undefined });
    expect('tick' in logic).toBe(false);
  });

  it('lets an error reach the task as it was thrown, so that its code decides the fate', async () => {
    const driver = taskTestDriver(await definitionOf(WordsController));
    const error = thrownBy(() => driver.pipe(Buffer.from('impossible')));
    expect(error).toBeInstanceOf(StreamsError);
    expect(error).toMatchObject({ code: 'IMPOSSIBLE_RECORD', message: 'words/0/0' });
  });

  it('can be one of several transports of an application', async () => {
    const app = await NestFactory.create(moduleWith(WordsController), new FastifyAdapter(), SILENT);
    app.connectMicroservice(transport());
    await app.startAllMicroservices();
    expect(started).toHaveLength(1);
    await app.close();
    expect(stops).toEqual(['stopped']);
  });
});

describe('the life of the transport', () => {
  it('is over when open transactions are finished', async () => {
    const app = await applicationOf(transport(), WordsController);
    await app.listen();
    expect(app.unwrap()).toBe(service);
    await app.close();
    expect(stops).toEqual(['stopped']);
  });

  it('waits for a start under way before it stops', async () => {
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const slow = transport(async () => {
      begin();
      await finished;
      return service;
    });
    const app = await applicationOf(slow, WordsController);
    const listening = app.listen();
    await begun;
    const closing = app.close();
    finish();
    await Promise.all([listening, closing]);
    expect(stops).toEqual(['stopped']);
  });

  it('does not begin after its end', async () => {
    const app = await applicationOf(transport(), WordsController);
    const listening = app.listen();
    // Nest has not come to the transport yet.
    const closing = app.close();
    await expect(listening).rejects.toThrow('closed');
    await closing;
    expect(started).toEqual([]);
  });

  it('does not begin when the service does not start: the application is told why', async () => {
    const missing = new StreamsError('TOPOLOGY_MISMATCH', 'words does not exist');
    const app = await applicationOf(
      transport(() => Promise.reject(missing)),
      WordsController,
    );
    await expect(app.listen()).rejects.toBe(missing);
  });
});

describe('an application that cannot be a stream service does not start', () => {
  it('without a handler for the source', async () => {
    await expect(startOf()).rejects.toThrow('No controller handles words, the source');
  });

  it('with two handlers for the source', async () => {
    await expect(startOf(WordsController, PlainNestController)).rejects.toThrow(
      'WordsController.count and PlainNestController.count both handle words',
    );
  });

  it('with a handler for another topic', async () => {
    @Controller()
    class Misspelt {
      @StreamHandler('wrods')
      count(): void {
        return;
      }
    }
    await expect(startOf(WordsController, Misspelt)).rejects.toThrow(
      'Misspelt.count handles wrods, but the source is words',
    );
  });

  it('with an asynchronous handler, which is also a type error', async () => {
    @Controller()
    class Asynchronous {
      // @ts-expect-error: returns a promise
      @StreamHandler('words')
      async count(): Promise<void> {
        await Promise.resolve();
      }
    }
    await expect(startOf(Asynchronous)).rejects.toThrow('Asynchronous.count is asynchronous');
  });

  it('with a guard on the handler, which nobody would ask', async () => {
    class Never implements CanActivate {
      canActivate(): boolean {
        return false;
      }
    }
    @Controller()
    class Guarded {
      @UseGuards(Never)
      @StreamHandler('words')
      count(): void {
        return;
      }
    }
    await expect(startOf(Guarded)).rejects.toThrow('Guarded.count has a guard');
  });

  it('with parameters in another order', async () => {
    @Controller()
    class Swapped {
      @EventPattern<'words'>('words', STREAMS)
      count(@Ctx() context: Context, @Payload() records: readonly StreamRecord[]): void {
        context.put('counts', 'all', records.length);
      }
    }
    await expect(startOf(Swapped)).rejects.toThrow('Swapped.count must take the records, then the context');
  });

  it('with a part of the records asked for', async () => {
    @Controller()
    class OnlyLength {
      @EventPattern<'words'>('words', STREAMS)
      count(@Payload('length') length: number): number {
        return length;
      }
    }
    await expect(startOf(OnlyLength)).rejects.toThrow('OnlyLength.count must take the records');
  });

  it('with a controller made anew for each request', async () => {
    @Controller({ scope: Scope.REQUEST })
    class PerRequest {
      @StreamHandler('words')
      count(): void {
        return;
      }
    }
    await expect(startOf(PerRequest)).rejects.toThrow('PerRequest.count handles a stream');
  });
});

describe('a promise at run time', () => {
  it('stops the service, and its own end is of no interest any more', async () => {
    @Controller()
    class Hidden {
      @EventPattern<'words'>('words', STREAMS)
      count(): unknown {
        return Promise.reject(new Error('too late'));
      }
    }
    const driver = taskTestDriver(await definitionOf(Hidden));
    const error = thrownBy(() => driver.pipe(Buffer.from('a')));
    expect(error).toMatchObject({
      code: 'FATAL',
      message: 'Hidden.count returned a promise, but a stream handler must be synchronous and return nothing',
    });
  });
});

const thrownBy = (action: () => unknown): unknown => {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
};
