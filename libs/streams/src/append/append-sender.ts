import type { ChunkLimits } from '../chunks.js';
import type { AppendEvent } from '../log-appender.js';
import { offsetOf } from '../offset.js';
import { asStreamsError, StreamsError } from '../streams-error.js';
import type { SentRecords } from '../task/task-log.js';
import { appendLanes, byRoute, type Lane, type SendingPiece } from './append-lanes.js';
import type { AppendProducer } from './append-producer.js';
import { sizeOfAll, type TargetedPiece } from './append-size.js';
import { beforeDeadline } from './before-deadline.js';

/** Longer than this a route waits for nobody, in milliseconds. */
const ROUTE_BUSY_MS = 200;

/** How {@link appendSender} sends. */
export interface SendingOptions {
  /** What of one partition fits into one request. */
  readonly request: ChunkLimits;
  /** How long a piece may be on its way. */
  readonly timeoutMs: number;
  /** Connects a new producer. */
  readonly openProducer: () => Promise<AppendProducer>;
  readonly observe: (event: AppendEvent) => void;
}

/**
 * Sends pieces. One request is under way on each route, and nothing of it twice for one partition; what waits meanwhile,
 * for all partitions of that route, forms the next.
 */
export interface AppendSender {
  /** @throws StreamsError TRANSIENT when there is no confirmation in time */
  send(piece: TargetedPiece): Promise<SentRecords>;
  /** Waits for what is on its way, then disconnects. */
  close(): Promise<void>;
}

/** A producer, and what it is busy with. */
interface Connected {
  readonly producer: AppendProducer;
  readonly busyRoutes: Set<string>;
  /** Batches without an answer. */
  underWay: number;
}

/** What goes to one partition in a request. */
interface LaneBatch {
  readonly by: Connected;
  readonly route: string;
  readonly lane: Lane;
  readonly pieces: readonly SendingPiece[];
  readonly startedMs: number;
}

export const appendSender = ({ request, timeoutMs, openProducer, observe }: SendingOptions): AppendSender => {
  const lanes = appendLanes(request);
  /** Batches and connects that have no end yet. */
  const underWay = new Set<Promise<void>>();
  let connected: Connected | undefined;
  let isConnecting = false;
  let turn: NodeJS.Immediate | undefined;
  let sweepTimer: NodeJS.Timeout | undefined;

  // What comes in within one turn of the event loop goes into one request.
  const sendSoon = (): void => {
    turn ??= setImmediate(sendReady);
  };

  const sendReady = (): void => {
    clearImmediate(turn);
    turn = undefined;
    const ready = lanes.ready();
    if (ready.length === 0) return;
    if (connected === undefined) {
      if (!isConnecting) follow(connect().then(sendReady));
      return;
    }
    for (const [route, lanesOfRoute] of byRoute(connected.producer, ready))
      if (!connected.busyRoutes.has(route)) sendTo(connected, route, lanesOfRoute);
  };

  /** @param work never rejects */
  const follow = (work: Promise<void>): void => {
    const followed = work.finally(() => {
      underWay.delete(followed);
      sendSoon();
    });
    underWay.add(followed);
  };

  const connect = async (): Promise<void> => {
    isConnecting = true;
    try {
      connected = { producer: await openProducer(), busyRoutes: new Set(), underWay: 0 };
    } catch (error) {
      const failure = asStreamsError(error, 'Connect to append');
      for (const { waiting } of lanes.ready()) for (const { reject } of waiting.takeAll()) reject(failure);
    } finally {
      isConnecting = false;
    }
  };

  const sendTo = (by: Connected, route: string, ready: readonly Lane[]): void => {
    const startedMs = performance.now();
    const batches = ready.map((lane) => ({ by, route, lane, pieces: lane.waiting.takeRequest(), startedMs }));
    const sendings = by.producer.send(
      batches.map(({ lane: { target }, pieces }) => ({
        target,
        records: pieces.flatMap(({ records }) => records),
      })),
    );
    by.busyRoutes.add(route);
    // A partition that is sent to again and again must not hold back the others.
    const freeRoute = setTimeout(() => {
      by.busyRoutes.delete(route);
      sendReady();
    }, ROUTE_BUSY_MS);
    for (const [index, sending] of sendings.entries()) {
      const batch = batches[index];
      if (batch !== undefined)
        follow(
          outcomeOf(batch, sending).finally(() => {
            clearTimeout(freeRoute);
          }),
        );
    }
  };

  const outcomeOf = async (batch: LaneBatch, sending: Promise<SentRecords>): Promise<void> => {
    const { by, route, lane, pieces, startedMs } = batch;
    lane.isBusy = true;
    by.underWay += 1;
    try {
      const sent = await beforeDeadline(sending, (pieces[0]?.deadlineMs ?? startedMs) - startedMs);
      observe({ kind: 'sent', size: sizeOfAll(pieces), durationMs: performance.now() - startedMs });
      confirm(pieces, sent);
    } catch (error) {
      refuse(batch, error);
      if (connected === by) connected = undefined;
      // Other partitions go on by another producer.
      sendSoon();
      // The producer goes on trying by itself for a while. What it may still write must not land behind something newer that
      // was confirmed meanwhile, so the partition waits for it. That cannot hold back a request that a broker which stands
      // still has in its socket: it may append it later, as an unknown outcome allows.
      await sending.catch(() => undefined);
    }
    lane.isBusy = false;
    // One that has no answer yet does not hold back the others.
    by.busyRoutes.delete(route);
    by.underWay -= 1;
    if (connected !== by && by.underWay === 0) by.producer.disconnect();
  };

  // Whoever waited too long is told so in time, and the record is not written behind his back. One timer serves all: it
  // rings again when the first of what waits then will have waited too long.
  const sweep = (): void => {
    const nowMs = performance.now();
    let nextMs = Infinity;
    for (const { target, waiting } of lanes.all()) {
      const failure = new StreamsError('TRANSIENT', `${target.topic}/${target.partition} is not reachable`);
      for (const { reject } of waiting.takeExpired(nowMs)) reject(failure);
      nextMs = Math.min(nextMs, waiting.nextDeadlineMs() ?? Infinity);
    }
    sweepTimer = nextMs === Infinity ? undefined : setTimeout(sweep, Math.ceil(nextMs - nowMs));
  };

  return {
    send: ({ target, records, size }) =>
      new Promise((resolve, reject) => {
        const deadlineMs = performance.now() + timeoutMs;
        lanes.of(target).waiting.push({ records, size, deadlineMs, resolve, reject });
        sweepTimer ??= setTimeout(sweep, timeoutMs);
        sendSoon();
      }),
    async close() {
      sendReady();
      while (underWay.size > 0) {
        await Promise.race(underWay);
        sendReady();
      }
      clearImmediate(turn);
      clearTimeout(sweepTimer);
      connected?.producer.disconnect();
    },
  };
};

const refuse = ({ lane: { target }, pieces }: LaneBatch, error: unknown): void => {
  const failure = asStreamsError(error, `Append to ${target.topic}/${target.partition}`);
  for (const { reject } of pieces) reject(failure);
};

const confirm = (pieces: readonly SendingPiece[], { firstOffset, appendTimeMs }: SentRecords): void => {
  let first = firstOffset;
  for (const { size, resolve } of pieces) {
    const endOffset = offsetOf(first + size.records);
    resolve({ firstOffset: first, endOffset, appendTimeMs });
    first = endOffset;
  }
};
