import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { CommandPosition } from '@reviews/contracts';
import type { ReadModel } from '@reviews/read-model';
import { READ_MODEL } from '../tokens.js';
import { answerWithin } from './answer-within.js';
import { singleFlight } from './single-flight.js';
import { deadlineIn, waitForCommand, type Progress } from './wait-for-command.js';
import { WakeSignal } from './wakes.js';

const MAX_WAIT_MS = 2_000;
/** Who has waited in vain still gets what there is, if the database answers within this time. */
const LAST_READ_MS = 500;
/** A look that takes longer is given up, so that the next one goes over another connection. */
const LOOK_LIMIT_MS = 2_000;

/** What was read at one moment, and how far its partition had come. */
interface ReadAtOnce {
  readonly progress: Progress | null;
}

/**
 * Reads when a command is included, or when it takes too long, and tells which.
 *
 * @param after undefined: at once
 * @throws ReadModelError DATABASE_UNAVAILABLE also when the database hangs
 */
export type ReadAfter = <T extends ReadAtOnce>(
  after: CommandPosition | undefined,
  read: () => Promise<T>,
) => Promise<T & { readonly isStale: boolean }>;

/** Lets requests wait for their commands: all who wait for a partition look once, each time the sink has stored something. */
@Injectable()
export class CommandWaiter implements OnModuleInit, OnApplicationShutdown {
  readonly #wakes = new WakeSignal();
  #unsubscribe = (): void => undefined;

  constructor(@Inject(READ_MODEL) private readonly readModel: Pick<ReadModel, 'notifications'>) {}

  onModuleInit(): void {
    this.#unsubscribe = this.readModel.notifications.subscribe(() => {
      this.#wakes.wake();
    });
  }

  onApplicationShutdown(): void {
    this.#unsubscribe();
  }

  /** @param progressOf how far what is to be read has come in a partition */
  on(progressOf: (partition: number) => Promise<Progress | null>): ReadAfter {
    const look = singleFlight((partition: number) =>
      answerWithin(LOOK_LIMIT_MS, () => progressOf(partition)),
    );
    return async (after, read) => {
      const deadline = deadlineIn(MAX_WAIT_MS);
      if (after !== undefined)
        await waitForCommand(() => look(after.partition), after.offset, this.#wakes, deadline);
      const answer = await answerWithin(Math.max(deadline.leftMs(), LAST_READ_MS), read);
      // What was seen while waiting does not count: tables that were restored or built anew may have gone back.
      const isStale = after !== undefined && (answer.progress?.reviewsEnd ?? 0) <= after.offset;
      return { ...answer, isStale };
    };
  }
}
