import { offsetOf, type Offset } from '../offset.js';
import type { TopicPartition } from '../records.js';
import { APIS, type WireRequest } from './api.js';
import { MalformedAnswerError, mustBeDone } from './wire-error.js';

const CONSUMER = -1;
/** In the place of a time. */
const EARLIEST = -2;

/** Asks the leader of a partition for the first offset there is. */
export const logStartRequest = ({ topic, partition }: TopicPartition): WireRequest<Offset> => ({
  api: APIS.listOffsets,
  write(writer) {
    writer.int32(CONSUMER).int32(1).string(topic).int32(1).int32(partition).int64(EARLIEST);
  },
  read(reader) {
    const offsets = reader.array(() => {
      reader.string();
      return reader.array(() => {
        reader.int32(); // the partition
        mustBeDone(reader.int16(), `Log start of ${topic}/${partition}`);
        reader.int64(); // the record's time
        return offsetOf(reader.int64());
      });
    });
    const [offset] = offsets.flat();
    if (offset === undefined) throw new MalformedAnswerError(`No log start of ${topic}/${partition}`);
    return offset;
  },
});
