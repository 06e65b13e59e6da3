import type { ChunkLimits } from '../chunks.js';
import type { AppendEvent } from '../log-appender.js';
import { offsetOf } from '../offset.js';
import { asStreamsError, StreamsError } from '../streams-error.js';
import type { SentRecords } from '../task/task-log.js';
import { appendLanes, type Lane, type SendingPiece } from './append-lanes.js';
import type { AppendProducer } from './append-producer.js';
import { sizeOfAll, type TargetedPiece } from './append-size.js';
import { beforeDeadline } from './before-deadline.js';

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
 * Sends pieces. On each route one request is under way; what waits meanwhile, for all partitions of that route, forms the next.
 */
export interface AppendSender {
  /** @throws StreamsError TRANSIENT when there is no confirmation in time */
  send(piece: TargetedPiece): Promise<SentRecords>;
  /** Waits for what is on its way, then disconnects. */
  close(): Promise<void>;
}

/** A producer, and the routes on which a request of its is under way. */
interface Connected {
  readonly producer: AppendProducer;
  readonly busyRoutes: Set<string>;
}

/** What goes to one partition in a request. */
interface LaneBatch {
  readonly lane: Lane;
  readonly pieces: readonly SendingPiece[];
}

export const appendSender = ({ request, timeoutMs, openProducer, observe }: SendingOptions): AppendSender => {
  const lanes = appendLanes(request);
  /** Requests and connects that have no end yet. */
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
      if (!isConnecting) follow(connect());
      return;
    }
    for (const [route, lanesOfRoute] of byRoute(connected.producer, ready))
      if (!connected.busyRoutes.has(route)) follow(sendRequest(connected, route, lanesOfRoute));
  };

  /** @param work never rejects */
  const follow = (work: Promise<void>): void => {
    const followed = work.finally(() => {
      underWay.delete(followed);
      sendReady();
    });
    underWay.add(followed);
  };

  const connect = async (): Promise<void> => {
    isConnecting = true;
    try {
      connected = { producer: await openProducer(), busyRoutes: new Set() };
    } catch (error) {
      const failure = asStreamsError(error, 'Connect to append');
      for (const { waiting } of lanes.ready()) for (const { reject } of waiting.takeAll()) reject(failure);
    } finally {
      isConnecting = false;
    }
  };

  const sendRequest = async (by: Connected, route: string, ready: readonly Lane[]): Promise<void> => {
    const batches = ready.map((lane) => ({ lane, pieces: lane.waiting.takeRequest() }));
    by.busyRoutes.add(route);
    for (const { lane } of batches) lane.isBusy = true;
    const startedMs = performance.now();
    const sending = by.producer.send(
      batches.map(({ lane: { target }, pieces }) => ({
        target,
        records: pieces.flatMap(({ records }) => records),
      })),
    );
    try {
      const sent = await beforeDeadline(sending, firstDeadlineMs(batches) - startedMs);
      const size = sizeOfAll(batches.flatMap(({ pieces }) => pieces));
      observe({ kind: 'sent', size, durationMs: performance.now() - startedMs });
      for (const [index, { pieces }] of batches.entries()) confirm(pieces, sent[index]);
    } catch (error) {
      if (connected === by) connected = undefined;
      refuse(batches, error);
      // Other partitions go on by another producer.
      sendSoon();
      await abandon(by.producer, sending);
    }
    by.busyRoutes.delete(route);
    for (const { lane } of batches) lane.isBusy = false;
  };

  // The client goes on trying by itself for a while. What it may still write must not land behind something newer that
  // was confirmed meanwhile, so its partitions wait for it. That cannot hold back a request that a broker which stands still
  // has in its socket: it may append it later, as an unknown outcome allows.
  const abandon = async (producer: AppendProducer, sending: Promise<unknown>): Promise<void> => {
    await sending.catch(() => undefined);
    void producer.disconnect().catch(() => undefined);
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
      while (underWay.size > 0) await Promise.race(underWay);
      clearTimeout(sweepTimer);
      await connected?.producer.disconnect();
    },
  };
};

const byRoute = (producer: AppendProducer, lanes: readonly Lane[]): ReadonlyMap<string, readonly Lane[]> => {
  const routes = new Map<string, Lane[]>();
  for (const lane of lanes) {
    const route = producer.routeOf(lane.target);
    const others = routes.get(route);
    if (others === undefined) routes.set(route, [lane]);
    else others.push(lane);
  }
  return routes;
};

const firstDeadlineMs = (batches: readonly LaneBatch[]): number =>
  Math.min(...batches.map(({ pieces }) => pieces[0]?.deadlineMs ?? Infinity));

const refuse = (batches: readonly LaneBatch[], error: unknown): void => {
  for (const {
    lane: { target },
    pieces,
  } of batches) {
    const failure = asStreamsError(error, `Append to ${target.topic}/${target.partition}`);
    for (const { reject } of pieces) reject(failure);
  }
};

const confirm = (pieces: readonly SendingPiece[], sent: SentRecords | undefined): void => {
  if (sent === undefined) throw new StreamsError('FATAL', 'An answer for fewer partitions than were sent to');
  let first = sent.firstOffset;
  for (const { size, resolve } of pieces) {
    const endOffset = offsetOf(first + size.records);
    resolve({ firstOffset: first, endOffset, appendTimeMs: sent.appendTimeMs });
    first = endOffset;
  }
};
