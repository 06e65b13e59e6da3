import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { type StackConfig } from './config.js';
import { type Console } from './console.js';
import { refuseOtherVersions } from './data-version.js';
import { dataDirectories } from './infrastructure.js';
import { stopLeftovers } from './leftovers.js';
import { openLogFile } from './log-file.js';
import { choosePorts, type PinnedPort, type PortName } from './ports.js';
import { type RunPhase } from './run-file.js';
import { runStack, type StopRequests } from './run-stack.js';
import { httpUrl } from './services.js';
import { lockState } from './state-lock.js';

/**
 * Runs the stack until it is told to stop, and returns only when nothing of it runs any more; `wasReady` says whether
 * it had come up before.
 *
 *     lock the state → end leftovers → choose ports → Kafka, registry, PostgreSQL → setup → services → ready
 *                                                   ← stopped the other way round, whatever ended the run ←
 */
export async function launch(
  config: StackConfig,
  console: Console,
  requests: StopRequests,
): Promise<{ readonly wasReady: boolean }> {
  const { stateDir } = config;
  const url = httpUrl(config.host, config.port);
  let phase: RunPhase = 'starting';
  let wasReady = false;
  const onPhase = (next: RunPhase): void => {
    phase = next;
    wasReady ||= next === 'running';
  };
  await lockState(stateDir, () => ({ pid: process.pid, url, phase }), {
    signal: requests.stop,
    onWait: ({ pid }) => {
      console.line(`The run before this one (pid ${pid}) is still stopping; waiting for it.`);
    },
  });
  refuseOtherVersions(stateDir, readdirSync(stateDir), dataDirectories(config));

  const logFile = openLogFile(join(stateDir, 'logs', 'launcher.log'));
  const log = pino({ level: config.logLevel, base: { service: 'launcher', pid: process.pid } }, logFile);
  try {
    const leftovers = await stopLeftovers(stateDir);
    if (leftovers > 0) {
      console.line(`Ended ${leftovers} processes that a killed run had left behind; their data is kept.`);
      log.warn({ leftovers }, 'ended what a killed run had left behind');
    }
    const ports = await choosePorts(stateDir, pinnedPorts(config));
    await runStack({ config, ports, console, log, requests, onPhase });
  } catch (error) {
    if (!requests.stop.aborted) {
      log.error({ err: error }, 'ended by an error');
      throw error;
    }
  } finally {
    await logFile.close();
  }
  return { wasReady };
}

function pinnedPorts(config: StackConfig): Partial<Record<PortName, PinnedPort>> {
  const pinned = (name: PortName, variable: string, port: number | undefined, host = '127.0.0.1'): object =>
    port === undefined ? {} : { [name]: { port, variable, host } };
  return {
    ...pinned('review-api', 'PORT', config.port, config.host),
    ...pinned('kafka', 'KAFKA_PORT', config.kafkaPort),
    ...pinned('schema-registry', 'SCHEMA_REGISTRY_PORT', config.schemaRegistryPort),
    ...pinned('postgres', 'POSTGRES_PORT', config.postgresPort),
  };
}
