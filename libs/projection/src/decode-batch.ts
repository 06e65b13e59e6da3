import { CodecError, type ConfluentAvro } from '@reviews/contracts';
import { StreamsError, topicPartitionKey, type RecordBatch, type StreamRecord } from '@reviews/streams';

/** The way into a topic's values. */
export type ValueDecoder<Value> = Pick<ConfluentAvro<Value>, 'decode' | 'resolveWriters'>;

/**
 * Decodes the records of a batch, asking the registry for schemas not seen before.
 *
 * @param toRow what a value becomes; may refuse one with a CodecError
 * @throws StreamsError IMPOSSIBLE_RECORD: only we write these topics
 * @throws SchemaRegistryError while the registry does not answer
 */
export const decodeBatch = async <Value, Row>(
  batch: RecordBatch,
  decoder: ValueDecoder<Value>,
  toRow: (value: Value, record: StreamRecord) => Row,
): Promise<readonly Row[]> => {
  await decoder.resolveWriters(batch.records.map((record) => record.value));
  return batch.records.map((record) => {
    try {
      return toRow(decoder.decode(record.value), record);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      throw new StreamsError(
        'IMPOSSIBLE_RECORD',
        `${topicPartitionKey(batch)} offset ${record.offset}: ${error.message}`,
        { cause: error },
      );
    }
  });
};
