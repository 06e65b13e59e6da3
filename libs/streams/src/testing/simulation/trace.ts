/** Everything that happened in a run, as a number; and as lines, for whoever wants to read them. */
export class Trace {
  readonly #nowMs: () => number;
  readonly #print: ((line: string) => void) | undefined;
  #hash = 0;

  constructor(nowMs: () => number, print?: (line: string) => void) {
    this.#nowMs = nowMs;
    this.#print = print;
  }

  /** Two runs with the same hash did the same things at the same times. */
  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0');
  }

  note(who: string, what: string, detail = ''): void {
    const now = this.#nowMs();
    this.#mix(now);
    this.#take(who);
    this.#take(what);
    this.#take(detail);
    this.#print?.(`${now.toFixed(0).padStart(7)} ${who.padEnd(10)} ${what} ${detail}`);
  }

  #take(text: string): void {
    for (let index = 0; index < text.length; index++) this.#mix(text.charCodeAt(index));
  }

  #mix(value: number): void {
    this.#hash = Math.imul(this.#hash ^ value, 0x0100_0193);
    this.#hash ^= this.#hash >>> 15;
  }
}
