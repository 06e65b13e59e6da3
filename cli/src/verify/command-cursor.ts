import { CodecError, parseReviewCommandRecord } from '@reviews/contracts';
import { isHalfStars } from '@reviews/domain';
import { redriveOrigin, type StreamRecord, type TopicPartition } from '@reviews/streams';
import type { AppendedCommand } from './accounting/review-account.js';
import type { PartitionLog } from './partition-log.js';
import { RecordCursor } from './record-cursor.js';
import type { CommandRecord, VerifyCodecs } from './verify-codecs.js';

/** A record of `reviews` as it is looked at. */
export interface ReadCommand {
  readonly offset: number;
  /** Undefined when it cannot be read. */
  readonly command: AppendedCommand | undefined;
  /** For a second, complete look. Not to be kept. */
  readonly value: Buffer | null;
}

/** The commands of a partition, none left out. */
export const commandCursor = (
  log: PartitionLog,
  codec: VerifyCodecs['commands'],
  source: TopicPartition,
): RecordCursor<ReadCommand> =>
  new RecordCursor(
    log.records(),
    (batch) => codec.resolveWriters(batch.map(({ value }) => value)),
    (record) => {
      const { offset, appendTimeMs, value } = record;
      const command = decode(codec, record);
      return {
        offset,
        value,
        command:
          command === undefined
            ? undefined
            : { offset, appendTimeMs, record: command, redriveOrigin: redriveOrigin(record, source) },
      };
    },
  );

const decode = (codec: VerifyCodecs['commands'], { value }: StreamRecord): CommandRecord | undefined => {
  try {
    const record = codec.decode(value);
    return isPlausible(record) ? record : undefined;
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
};

/** The complete look, as the fraud-detector takes it. */
export const isReadable = async (
  codec: VerifyCodecs['commandsWithText'],
  value: Buffer | null,
): Promise<boolean> => {
  await codec.resolveWriters([value]);
  try {
    parseReviewCommandRecord(codec.decode(value));
    return true;
  } catch (error) {
    if (error instanceof CodecError) return false;
    throw error;
  }
};

/** A quick look; the complete one is taken where a command is missed. */
const isPlausible = ({ kind, halfStars, contentHash }: CommandRecord): boolean => {
  switch (kind) {
    case 'submitted':
      return halfStars !== null && isHalfStars(halfStars) && contentHash !== null;
    case 'withdrawn':
      return true;
    case 'unknown':
      return false;
  }
};
