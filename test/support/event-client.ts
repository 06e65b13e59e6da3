import { get, type ClientRequest, type IncomingMessage } from 'node:http';
import type { StatisticsAnswer } from './api.js';

const RECONNECT_MS = 100;

/** A client of Server-Sent Events as the standard describes it, which remembers what it has heard of each course. */
export class EventClient {
  /** The last statistics heard of each course. */
  readonly states = new Map<string, StatisticsAnswer>();
  readonly eventsOf = new Map<string, number>();
  /** Events whose version was lower than one before. */
  readonly stepsBack: string[] = [];
  resets = 0;
  connections = 0;
  lastEventId = '';
  #request: ClientRequest | undefined;
  #isClosed = false;
  #opened: () => void = () => undefined;

  constructor(
    private readonly url: string,
    private readonly retries: 'reconnects' | 'stays away' = 'reconnects',
  ) {}

  /** Resolves when the stream is open. */
  open(): Promise<void> {
    return new Promise((resolve) => {
      this.#opened = resolve;
      this.#connect();
    });
  }

  /** Cuts the connection off; the client comes back by itself. */
  cut(): void {
    this.#request?.destroy();
  }

  close(): void {
    this.#isClosed = true;
    this.cut();
  }

  #connect(): void {
    if (this.#isClosed) return;
    const headers = this.lastEventId === '' ? {} : { 'last-event-id': this.lastEventId };
    this.#request = get(this.url, { headers, agent: false }, (response) => {
      this.#read(response);
    });
    this.#request.on('error', () => undefined);
    this.#request.on('close', () => {
      if (this.retries === 'reconnects') setTimeout(this.#connect.bind(this), RECONNECT_MS);
    });
  }

  #read(response: IncomingMessage): void {
    if (response.statusCode !== 200) {
      response.destroy();
      return;
    }
    this.connections += 1;
    this.#opened();
    let text = '';
    response.setEncoding('utf8');
    response.on('error', () => undefined);
    response.on('data', (chunk: string) => {
      const blocks = (text + chunk).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) this.#take(block);
    });
  }

  #take(block: string): void {
    const fields = new Map(
      block.split('\n').map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon), line.slice(colon + 1).trimStart()] as const;
      }),
    );
    // An id counts also on a block without data.
    this.lastEventId = fields.get('id') ?? this.lastEventId;
    const data = fields.get('data');
    if (data === undefined) return;
    if (fields.get('event') === 'reset') this.resets += 1;
    else this.#hear(JSON.parse(data) as StatisticsAnswer);
  }

  #hear(statistics: StatisticsAnswer): void {
    const { courseId, allTime, recent } = statistics;
    const before = this.states.get(courseId);
    if (
      before !== undefined &&
      (allTime.version < before.allTime.version || recent.version < before.recent.version)
    )
      this.stepsBack.push(`${courseId} ${before.allTime.version} → ${allTime.version}`);
    this.states.set(courseId, statistics);
    this.eventsOf.set(courseId, (this.eventsOf.get(courseId) ?? 0) + 1);
  }
}
