import { connect } from 'node:net';

const PATIENCE_MS = 2_000;
const METADATA = 3;
const METADATA_VERSION = 1;
const BROKER_COUNT_AT = 8;

/**
 * Whether one of these brokers says that its cluster has a broker to talk to. An open port is not enough: a broker
 * listens before the controller lets it serve, and lists nobody until then.
 */
export async function kafkaAnswers(brokers: string): Promise<boolean> {
  const answers = await Promise.all(brokers.split(',').map(countBrokers));
  return answers.some((count) => count > 0);
}

/** Size, api, version, correlation id, client id, and an empty list of topics: those the request asks about. */
export function metadataRequest(clientId: string): Buffer {
  const clientIdBytes = Buffer.from(clientId);
  const request = Buffer.alloc(4 + 10 + clientIdBytes.length + 4);
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(METADATA, 4);
  request.writeInt16BE(METADATA_VERSION, 6);
  request.writeInt32BE(1, 8);
  request.writeInt16BE(clientIdBytes.length, 12);
  clientIdBytes.copy(request, 14);
  return request;
}

function countBrokers(broker: string): Promise<number> {
  const colon = broker.lastIndexOf(':');
  const socket = connect({
    host: broker.slice(0, colon),
    port: Number(broker.slice(colon + 1)),
    timeout: PATIENCE_MS,
  });
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    const answer = (count: number): void => {
      socket.destroy();
      resolve(count);
    };
    socket.on('connect', () => socket.write(metadataRequest('course-reviews-stack')));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= BROKER_COUNT_AT + 4) answer(received.readInt32BE(BROKER_COUNT_AT));
    });
    for (const event of ['error', 'timeout', 'close'])
      socket.on(event, () => {
        answer(0);
      });
  });
}
