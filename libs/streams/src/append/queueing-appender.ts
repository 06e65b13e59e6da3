import type { BulkOutcome, LogAppender } from '../log-appender.js';
import { StreamsError, asStreamsError } from '../streams-error.js';
import type { SentRecords } from '../task/task-log.js';
import { appendRoom, type RoomLimits, type RoomUse } from './append-room.js';
import { appendSender, type SendingOptions } from './append-sender.js';
import { piecesOf, sizeOf, sizeOfAll, type TargetedPiece } from './append-size.js';

/** How {@link queueingAppender} takes in and sends. */
export interface QueueingOptions extends SendingOptions {
  readonly room: RoomLimits;
}

/** Takes in what there is room for, and sends it. */
export const queueingAppender = (options: QueueingOptions): LogAppender => {
  const { request, observe } = options;
  const room = appendRoom(options.room);
  const sender = appendSender(options);
  let isClosed = false;

  const closed = (): StreamsError => new StreamsError('OVERLOADED', 'The appender is closed');

  /** Sends what room was taken for. */
  const sendAndRelease = async (use: RoomUse, piece: TargetedPiece): Promise<SentRecords> => {
    try {
      return await sender.send(piece);
    } catch (error) {
      const failure = asStreamsError(error, 'Append');
      observe({ kind: 'failed', size: piece.size, code: failure.code });
      throw failure;
    } finally {
      room.release(use, piece.size);
    }
  };

  return {
    async append(target, record) {
      if (isClosed) throw closed();
      const startedMs = performance.now();
      const size = sizeOf([record]);
      if (!room.tryTake(size)) {
        observe({ kind: 'refused' });
        const { records, bytes } = room.taken();
        throw new StreamsError(
          'OVERLOADED',
          `${records} records, ${bytes} bytes wait to be appended already`,
        );
      }
      const sent = await sendAndRelease('single', { target, records: [record], size });
      observe({ kind: 'confirmed', durationMs: performance.now() - startedMs });
      return { offset: sent.firstOffset, appendTimeMs: sent.appendTimeMs };
    },
    async appendInBulk(records) {
      const pieces = records.flatMap((targeted) => piecesOf(targeted, request));
      const size = sizeOfAll(pieces);
      await room.takeInBulk(size);
      if (isClosed) {
        room.release('bulk', size);
        return { outcome: Promise.resolve({ appended: 0, failure: closed() }) };
      }
      return { outcome: outcomeOf(pieces.map((piece) => sendAndRelease('bulk', piece))) };
    },
    queued: () => room.taken(),
    close() {
      isClosed = true;
      return sender.close();
    },
  };
};

const outcomeOf = async (sends: readonly Promise<SentRecords>[]): Promise<BulkOutcome> => {
  let appended = 0;
  let failure: StreamsError | undefined;
  for (const result of await Promise.allSettled(sends)) {
    if (result.status === 'fulfilled') appended += result.value.endOffset - result.value.firstOffset;
    else failure ??= asStreamsError(result.reason, 'Append');
  }
  return { appended, failure };
};
