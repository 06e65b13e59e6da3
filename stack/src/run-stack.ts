import { once } from 'node:events';
import { join } from 'node:path';
import { type Logger } from 'pino';
import { checkoutDir } from './bootstrap.js';
import { type StackConfig } from './config.js';
import { type Console } from './console.js';
import { waitForExternal } from './external-servers.js';
import { describeInfrastructure } from './infrastructure.js';
import { STATE_MARK } from './leftovers.js';
import { PartGroup } from './part-group.js';
import { type Ports } from './ports.js';
import { type RunPhase } from './run-file.js';
import { RunRecord } from './run-record.js';
import { serviceEnvironment, servicePart, SERVICES } from './services.js';
import { runSetup } from './setup.js';

export interface StopRequests {
  /** Stop everything, in order. */
  readonly stop: AbortSignal;
  /** Wait for nothing any more. */
  readonly hurry: AbortSignal;
}

export interface StackRun {
  readonly config: StackConfig;
  readonly ports: Ports;
  readonly console: Console;
  readonly log: Logger;
  readonly requests: StopRequests;
  readonly onPhase: (phase: RunPhase) => void;
}

/** Starts everything, keeps it running until asked to stop, and returns when nothing of it runs any more. */
export async function runStack({ config, ports, console, log, requests, onPhase }: StackRun): Promise<void> {
  const { stateDir } = config;
  const env = { ...process.env, [STATE_MARK]: stateDir };
  const infrastructure = await describeInfrastructure(config, { stateDir, ports, env });
  const group = new PartGroup(console, log, () => {
    record.rewrite();
  });
  const record = new RunRecord(config, infrastructure.addresses, () => group.records());
  const enter = (phase: RunPhase): void => {
    onPhase(phase);
    record.enter(phase);
  };
  requests.hurry.addEventListener('abort', () => {
    group.killNow();
  });

  try {
    enter('starting');
    const externals = infrastructure.externals.map(
      (server) => (signal: AbortSignal) => waitForExternal(server, signal),
    );
    await group.start(infrastructure.parts, requests.stop, externals);

    const surroundings = { checkout: checkoutDir(), config, addresses: infrastructure.addresses, env };
    const beganMs = Date.now();
    await runSetup(
      { checkout: surroundings.checkout, stateDir, env: serviceEnvironment(surroundings) },
      requests.stop,
    );
    console.ready('topics, tables, schemas', Date.now() - beganMs, '');

    await group.start(
      SERVICES.map((name) => servicePart(name, ports, surroundings)),
      requests.stop,
    );
    enter('running');
    log.info({ url: infrastructure.addresses.url }, 'ready');
    console.line(`Course Reviews is ready: ${infrastructure.addresses.url}`);
    console.line(`Ctrl-C stops it, npm run status shows what runs. Logs: ${join(stateDir, 'logs')}`);
    if (!requests.stop.aborted) await once(requests.stop, 'abort');
  } finally {
    enter('stopping');
    console.line('Stopping …');
    await group.stop();
    record.remove();
  }
}
