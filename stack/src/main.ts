import { mkdirSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkoutDir } from './bootstrap.js';
import { parseConfig } from './config.js';
import { createConsole } from './console.js';
import { launch } from './launcher.js';
import { meaningOfSignal } from './signals.js';
import { StackError } from './stack-error.js';

const SIGNAL_EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type StopSignalName = keyof typeof SIGNAL_EXIT_CODES;

const console = createConsole();
const stop = new AbortController();
const hurry = new AbortController();
let firstSignalAtMs: number | undefined;
let exitCode = 0;

function onStopSignal(name: StopSignalName): void {
  const meaning = meaningOfSignal(firstSignalAtMs, Date.now());
  firstSignalAtMs ??= Date.now();
  switch (meaning) {
    case 'stop':
      exitCode = SIGNAL_EXIT_CODES[name];
      stop.abort(new Error(name));
      return;
    case 'repeated':
      return;
    case 'hurry':
      console.line('Not waiting any longer: ending everything now.');
      hurry.abort();
  }
}

function onBug(error: unknown): void {
  console.error(
    `The launcher met a bug of its own and stops: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  exitCode = 1;
  stop.abort(error);
}

for (const name of Object.keys(SIGNAL_EXIT_CODES) as StopSignalName[]) process.on(name, onStopSignal);
// The very first start runs below another process that prepared it; its death is an order to stop.
process.on('disconnect', () => {
  onStopSignal('SIGHUP');
});
process.on('uncaughtException', onBug);
process.on('unhandledRejection', onBug);

try {
  const config = parseConfig(process.env);
  const stateDir = resolve(checkoutDir(), config.stateDir);
  mkdirSync(stateDir, { recursive: true });
  const { wasReady } = await launch({ ...config, stateDir: realpathSync(stateDir) }, console, {
    stop: stop.signal,
    hurry: hurry.signal,
  });
  // Being asked to stop is how a run ends well; it is a failure only for whoever still waits for it to come up.
  if (wasReady && !hurry.signal.aborted && exitCode !== 1) exitCode = 0;
} catch (error) {
  if (stop.signal.aborted) {
    // The signal came before there was anything to stop.
  } else if (error instanceof StackError || (error as { code?: unknown }).code !== undefined) {
    console.error((error as Error).message);
    exitCode = error instanceof StackError ? error.exitCode : 1;
  } else {
    onBug(error);
  }
}
process.exit(exitCode);
