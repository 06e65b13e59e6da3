import { connect, type Socket } from 'node:net';
import { StreamsError } from '../streams-error.js';
import type { WireRequest } from './api.js';
import { BufferReader } from './buffer-reader.js';
import { BufferWriter } from './buffer-writer.js';
import type { BrokerAddress, ConnectionOptions, SocketFactory } from './connection-options.js';
import { FrameReader } from './frame-reader.js';
import { ConnectionError, MalformedAnswerError } from './wire-error.js';

/** Requests that may wait for their answers at once. Whoever sends more has forgotten to wait. */
const MAX_PENDING = 1_000;
const MAX_CORRELATION_ID = 0x7fffffff;
/** Length, API, version, correlation id and length of the client's name. */
const HEADER_BYTES = 14;
/** Room for a request that does not say how large it is; it grows when it must. */
const TYPICAL_BYTES = 256;

interface Pending {
  readonly correlationId: number;
  readonly timer: NodeJS.Timeout;
  answer(reader: BufferReader): void;
  readonly fail: (error: Error) => void;
}

/**
 * A connection to one broker. Requests go out at once and are answered in their order. Whatever goes wrong ends the
 * connection, and one error fails all that wait.
 */
export class BrokerConnection {
  readonly #address: BrokerAddress;
  readonly #options: ConnectionOptions;
  readonly #socket: Socket;
  readonly #pending: Pending[] = [];
  readonly #frames = new FrameReader((frame) => {
    this.#onFrame(frame);
  });
  #correlationId = 0;
  #end: Error | undefined;

  private constructor(address: BrokerAddress, options: ConnectionOptions, settle: Settle) {
    this.#address = address;
    this.#options = options;
    const { connectTimeoutMs, socketFactory = connectPlainly } = options;
    const onConnect = (): void => {
      clearTimeout(timer);
      settle.connected(this);
    };
    this.#socket = socketFactory({ ...address, onConnect })
      .setNoDelay(true)
      .on('data', (chunk: Buffer) => {
        this.#onData(chunk);
      })
      .on('error', (cause) => {
        this.#fail(this.#broken(cause.message, cause));
      })
      .on('end', () => {
        this.#fail(this.#broken('the broker closed it'));
      })
      .on('close', () => {
        clearTimeout(timer);
        this.#fail(this.#broken('closed'));
        settle.failed(this.#end ?? this.#broken('closed'));
      });
    const timer = setTimeout(() => {
      this.#fail(this.#broken(`no connection within ${connectTimeoutMs} ms`));
    }, connectTimeoutMs);
  }

  /** @throws ConnectionError when it cannot be made in time */
  static open(address: BrokerAddress, options: ConnectionOptions): Promise<BrokerConnection> {
    return new Promise((connected, failed) => {
      new BrokerConnection(address, options, { connected, failed });
    });
  }

  get isOpen(): boolean {
    return this.#end === undefined;
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @param timeoutMs after this the connection is given up; default: the time for requests
   * @throws ConnectionError when no answer comes, and it may have happened or not; whatever reading the answer throws
   */
  request<T>(request: WireRequest<T>, timeoutMs = this.#options.requestTimeoutMs): Promise<T> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    const { name } = request.api;
    if (this.#pending.length === MAX_PENDING)
      return Promise.reject(new StreamsError('OVERLOADED', `${name}: ${MAX_PENDING} requests wait already`));
    const correlationId = this.#nextCorrelationId();
    const frame = this.#frameOf(request, correlationId);
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#fail(this.#broken(`no answer to ${name} within ${timeoutMs} ms`));
      }, timeoutMs);
      const answer = (reader: BufferReader): void => {
        try {
          const value = request.read(reader);
          reader.end();
          resolve(value);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
          if (error instanceof MalformedAnswerError) this.#fail(error);
        }
      };
      this.#pending.push({ correlationId, timer, answer, fail: reject });
      this.#socket.write(frame);
    });
  }

  /** Fails what waits. */
  close(): void {
    this.#fail(this.#broken('closed by its user'));
  }

  #frameOf<T>(request: WireRequest<T>, correlationId: number): Buffer {
    const { api, size = TYPICAL_BYTES } = request;
    const { clientId } = this.#options;
    const writer = new BufferWriter(HEADER_BYTES + Buffer.byteLength(clientId) + size);
    writer.sized(() => {
      writer.int16(api.key).int16(api.version).int32(correlationId).string(clientId);
      request.write(writer);
    });
    return writer.written;
  }

  #nextCorrelationId(): number {
    this.#correlationId = (this.#correlationId + 1) & MAX_CORRELATION_ID;
    return this.#correlationId;
  }

  #onData(chunk: Buffer): void {
    if (this.#end !== undefined) return;
    try {
      this.#frames.add(chunk);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #onFrame(frame: Buffer): void {
    const reader = new BufferReader(frame);
    const correlationId = reader.int32();
    const pending = this.#pending.shift();
    if (pending?.correlationId !== correlationId) {
      if (pending !== undefined) this.#pending.unshift(pending);
      throw new MalformedAnswerError(`An answer to request ${correlationId}, which is not the next one`);
    }
    clearTimeout(pending.timer);
    pending.answer(reader);
  }

  #fail(error: Error): void {
    if (this.#end !== undefined) return;
    this.#end = error;
    this.#socket.destroy();
    for (const { timer, fail } of this.#pending.splice(0)) {
      clearTimeout(timer);
      fail(error);
    }
  }

  #broken(what: string, cause?: Error): ConnectionError {
    const { host, port } = this.#address;
    return new ConnectionError(`${host}:${port}: ${what}`, { cause });
  }
}

interface Settle {
  connected(connection: BrokerConnection): void;
  failed(error: Error): void;
}

const connectPlainly: SocketFactory = ({ host, port, onConnect }) => connect({ host, port }, onConnect);
