import type { Clock } from '../../clock.js';
import type { VirtualTime } from './virtual-time.js';

/**
 * The life of one simulated process: everything that reaches it passes here. Dead, nothing does; frozen (SIGSTOP), it
 * waits, and after the thaw it all comes at once, in order: the process is a zombie that does not know it.
 */
export class ProcessTime implements Clock {
  readonly #time: VirtualTime;
  readonly #waiting: (() => void)[] = [];
  #life: 'running' | 'frozen' | 'dead' = 'running';

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  get isDead(): boolean {
    return this.#life === 'dead';
  }

  nowMs(): number {
    return this.#time.nowMs();
  }

  schedule(delayMs: number, callback: () => void): () => void {
    let isCalledOff = false;
    const cancel = this.#time.schedule(delayMs, () => {
      this.deliver(() => {
        if (!isCalledOff) callback();
      });
    });
    return () => {
      isCalledOff = true;
      cancel();
    };
  }

  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.schedule(0, resolve);
    });
  }

  /** Something reaches the process. */
  deliver(callback: () => void): void {
    switch (this.#life) {
      case 'running':
        callback();
        return;
      case 'frozen':
        this.#waiting.push(callback);
        return;
      case 'dead':
        return;
    }
  }

  /** From here on nothing of it runs. */
  kill(): void {
    this.#life = 'dead';
    this.#waiting.length = 0;
  }

  freeze(): void {
    if (this.#life === 'running') this.#life = 'frozen';
  }

  thaw(): void {
    if (this.#life !== 'frozen') return;
    this.#life = 'running';
    for (const callback of this.#waiting.splice(0)) this.schedule(0, callback);
  }
}
