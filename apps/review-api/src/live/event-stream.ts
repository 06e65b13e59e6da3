import type { ServerResponse } from 'node:http';
import { KEEP_ALIVE } from './statistics-event.js';

/** A client that has taken nothing for so many keep-alives in a row is cut off; it comes back with its position. */
const MAX_SILENT_KEEP_ALIVES = 4;

/** Where events go. */
export interface EventSink {
  /** Whether it takes more now. It says so again by itself. */
  isReady(): boolean;
  /** Takes everything, ready or not: who looks first keeps memory bounded. */
  send(text: string | Buffer): void;
}

/** The open answer to one client. */
export class EventStream implements EventSink {
  #silentKeepAlives = 0;

  /** @param onReady called when the client has taken what was sent to it */
  constructor(
    private readonly response: ServerResponse,
    onReady: () => void,
  ) {
    response.on('drain', onReady);
    // A broken connection closes the answer; there is nobody left to tell.
    response.on('error', () => undefined);
  }

  isReady(): boolean {
    return !this.response.writableNeedDrain && !this.response.writableEnded && !this.response.destroyed;
  }

  send(text: string | Buffer): void {
    this.response.write(text);
  }

  keepAlive(): void {
    if (this.isReady()) {
      this.#silentKeepAlives = 0;
      this.send(KEEP_ALIVE);
      return;
    }
    this.#silentKeepAlives += 1;
    if (this.#silentKeepAlives >= MAX_SILENT_KEEP_ALIVES) this.response.destroy();
  }

  end(): void {
    this.response.end();
  }
}
