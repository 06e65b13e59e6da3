import { clearInterval, setInterval } from 'node:timers';
const PLAIN_LINE_EVERY_MS = 10_000;
const REDRAW_EVERY_MS = 200;

/**
 * Shows steps that run side by side. On a terminal: one line that is redrawn, and a lasting line per finished step.
 * Without one: plain lines only, a step that takes long says every ten seconds how far it is.
 */
export function createProgress(output = process.stdout) {
  // Output that nobody reads any more (`npm start | head -1`) is no reason to stop.
  output.on('error', () => undefined);
  const live = output.isTTY === true;
  const running = new Map();
  const timer = setInterval(() => (live ? redraw() : printSlowSteps()), live ? REDRAW_EVERY_MS : 1_000);
  timer.unref();

  const clear = () => live && running.size > 0 && output.write('\r\x1b[2K');
  const redraw = () => {
    const line = [...running.values()].map((step) => `${step.name} ${step.detail()}`).join(' · ');
    output.write(`\r\x1b[2K  ${line.slice(0, Math.max(20, (output.columns ?? 80) - 3))}`);
  };
  const printSlowSteps = () => {
    for (const step of running.values()) {
      if (Date.now() - step.printedAt < PLAIN_LINE_EVERY_MS) continue;
      step.printedAt = Date.now();
      output.write(`  ${step.name}: ${step.detail()}\n`);
    }
  };

  return {
    line(text) {
      clear();
      output.write(`${text}\n`);
    },
    /** Runs one step; `work` gets a function that takes how far it is, as text. */
    async step(name, work) {
      const startedAt = Date.now();
      let far = '';
      const seconds = () => `${((Date.now() - startedAt) / 1_000).toFixed(1)} s`;
      const step = {
        name,
        printedAt: startedAt,
        detail: () => (far === '' ? seconds() : `${far}, ${seconds()}`),
      };
      running.set(name, step);
      if (!live) output.write(`  ${name} …\n`);
      try {
        const result = await work((text) => (far = text));
        clear();
        output.write(`  ${name.padEnd(26)} done in ${seconds()}\n`);
        return result;
      } finally {
        clear();
        running.delete(name);
      }
    },
    end() {
      clearInterval(timer);
      clear();
    },
  };
}
