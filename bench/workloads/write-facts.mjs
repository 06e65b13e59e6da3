/** Writes a story into `reviews-valid`, as if the fraud-detector had made it, and keeps what a naive count needs. */
import {
  schemaRegistryAt,
  topicName,
  topicWriter,
  toReviewFactRecord,
} from '../../dist/libs/contracts/src/index.js';
import { dayOf } from '../../dist/libs/domain/src/index.js';
import { factOf, factPacker } from './fact-bytes.mjs';
import { receiptsOf } from './receipts.mjs';
import { writeRecords } from './write-records.mjs';

/** The codec of `reviews-valid`, as functions of what the product calls a fact. */
export const factCodec = async ({ SCHEMA_REGISTRY_URL }, prefix) => {
  const codec = await topicWriter(schemaRegistryAt(SCHEMA_REGISTRY_URL), prefix, 'reviews-valid');
  const encode = (fact) => codec.encode(toReviewFactRecord(fact));
  return {
    encode,
    dayStarted: (day, cause) => encode({ kind: 'day-started', cause, day }),
  };
};

/**
 * @param told `story`, `events`, `courses`, and the `day` that starts first in every partition
 * @returns what was written, for runs over it and for the oracle
 */
export const writeFacts = async ({ addresses, prefix, partitions }, { story, events, courses, day }) => {
  const topic = topicName(prefix, 'reviews-valid');
  const codec = await factCodec(addresses, prefix);
  const first = codec.dayStarted(day, { offset: -1, ordinal: 0 });
  const receipts = receiptsOf(courses, day);
  const valueBytes = await writeRecords(
    { addresses, topic, partitions },
    { story, events, courses },
    {
      first,
      packer: factPacker(first.readInt32BE(1)),
      // The offset in `reviews` that it would come from: one command, one fact.
      encode: (event, offset) => codec.encode(factOf(event, offset)),
      note(event, offset) {
        receipts.note(event, offset, dayOf(event.createdAtMs));
      },
    },
  );
  // Days started count as records.
  const records = events + partitions;
  return { topic, prefix, partitions, courses, day, records, reviews: story.reviews, receipts, valueBytes };
};
