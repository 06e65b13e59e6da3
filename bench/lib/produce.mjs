/**
 * A producer that only writes fast: one connection per partition, record batches as they are packed, several requests under way,
 * acks=1. It speaks Kafka's Produce request itself, because a client's encoder would take longer than what is measured.
 */
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { connect } from 'node:net';
import { recordBatch } from './record-batch.mjs';

const PRODUCE = 0;
const VERSION = 7;
const ACKS = 1;
const NONE = -1;
const REQUEST_TIMEOUT_MS = 30_000;
const REQUESTS_UNDER_WAY = 4;
/** About what the fraud-detector sends at once. */
const RECORDS_PER_BATCH = 250;
const BATCH_BYTES = 96 * 1024;

const requestHead = (topic, partition, correlationId, batchBytes) => {
  const name = Buffer.from(topic);
  const head = Buffer.alloc(40 + name.length);
  head.writeInt32BE(head.length - 4 + batchBytes, 0);
  head.writeInt16BE(PRODUCE, 4);
  head.writeInt16BE(VERSION, 6);
  head.writeInt32BE(correlationId, 8);
  head.writeInt16BE(NONE, 12); // client id
  head.writeInt16BE(NONE, 14); // transactional id
  head.writeInt16BE(ACKS, 16);
  head.writeInt32BE(REQUEST_TIMEOUT_MS, 18);
  head.writeInt32BE(1, 22); // topics
  head.writeInt16BE(name.length, 26);
  const end = 28 + name.copy(head, 28);
  head.writeInt32BE(1, end); // partitions
  head.writeInt32BE(partition, end + 4);
  head.writeInt32BE(batchBytes, end + 8);
  return head;
};

/** Error code and base offset in an answer that names one partition. */
const parseAnswer = (answer) => {
  const nameLength = answer.readInt16BE(8);
  const partition = 10 + nameLength + 4;
  return {
    errorCode: answer.readInt16BE(partition + 4),
    baseOffset: Number(answer.readBigInt64BE(partition + 6)),
  };
};

/** Whole answers out of a stream of bytes, each without its size. */
const answersIn = (onAnswer) => {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0);
      onAnswer(rest.subarray(4, end));
      rest = rest.subarray(end);
    }
  };
};

/** Writes records to one partition of a broker that leads it. Records get offsets in the order they were added. */
export const openPartitionWriter = async (address, topic, partition) => {
  const [host, port] = address.split(':');
  const socket = connect({ host, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  let failure;
  let underWay = 0;
  let correlationId = 0;
  let batch = recordBatch(BATCH_BYTES);
  let wake = () => undefined;
  let acknowledgedEnd = 0;
  let sent = 0;

  const fail = (error) => {
    failure ??= error;
    wake();
  };
  socket.on('error', fail);
  socket.on('close', () => fail(new Error(`The broker closed the connection to ${topic}/${partition}`)));
  socket.on(
    'data',
    answersIn((answer) => {
      const { errorCode, baseOffset } = parseAnswer(answer);
      if (errorCode !== 0) fail(new Error(`Produce to ${topic}/${partition}: error code ${errorCode}`));
      underWay -= 1;
      acknowledgedEnd = baseOffset;
      wake();
    }),
  );

  const atMost = async (requests) => {
    while (underWay > requests && failure === undefined) await new Promise((resolve) => (wake = resolve));
    if (failure !== undefined) throw failure;
  };

  return {
    /** Whether `flush` must be called before the next record. */
    isFull: (size) => batch.count === RECORDS_PER_BATCH || !batch.hasRoomFor(size),
    add(key, value, length) {
      batch.add(key, value, length);
      sent += 1;
    },
    get count() {
      return sent;
    },
    async flush() {
      if (batch.count === 0) return;
      const bytes = batch.finish(Date.now());
      batch = recordBatch(BATCH_BYTES);
      socket.cork();
      socket.write(requestHead(topic, partition, correlationId++, bytes.length));
      socket.write(bytes);
      socket.uncork();
      underWay += 1;
      await atMost(REQUESTS_UNDER_WAY);
    },
    /** Waits until everything is in the log. */
    async close() {
      await this.flush();
      await atMost(0);
      socket.removeAllListeners('close');
      socket.end();
      return acknowledgedEnd;
    },
  };
};
