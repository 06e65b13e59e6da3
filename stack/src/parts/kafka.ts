import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bootstrap, loadBootstrap } from '../bootstrap.js';
import { type LogLevel } from '../config.js';
import { javaLogLevel } from '../java-log-level.js';
import { type Part, type StartedPart, startPart } from '../part.js';
import { runToEnd } from '../run-to-end.js';
import { kafkaLogging, kafkaProperties } from './kafka-properties.js';
import { kafkaAnswers } from './kafka-probe.js';

export const KAFKA_DIRECTORY = 'kafka-4.3';

export interface KafkaOptions {
  /** Everything this broker writes, and its configuration. Keeps its data over stop, kill and start. */
  readonly dataDir: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly logFile: string;
  /** Where the downloaded jars are shared. Default: $XDG_CACHE_HOME/course-reviews. */
  readonly cacheDir?: string;
  /** For clusters: the same in all brokers, before their first start. Default: a random one. */
  readonly clusterId?: string;
  /** For clusters: 1, 2, 3… Default: 1. */
  readonly nodeId?: number;
  /** For clusters: `1@127.0.0.1:9193,2@…`, the controller ports of all brokers. Default: this one alone. */
  readonly voters?: string;
  /** More server.properties, which win over ours. */
  readonly properties?: Readonly<Record<string, string>>;
  readonly logLevel?: LogLevel;
  /** Environment of the process. Default: this process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Starts one Kafka broker in KRaft mode and waits until it serves. */
export async function startKafka(options: KafkaOptions): Promise<StartedPart> {
  return startPart(await kafkaPart(options));
}

/** 16 random bytes in base64url; a leading dash would be read as an option by Kafka's tools. */
export function newClusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? newClusterId() : id;
}

export async function kafkaPart(options: KafkaOptions): Promise<Part> {
  const bootstrap = await loadBootstrap();
  const cacheDir = options.cacheDir ?? bootstrap.defaultCacheDir();
  const env = options.env ?? process.env;
  const { dataDir, port } = options;
  const serverProperties = join(dataDir, 'server.properties');
  const loggingProperties = join(dataDir, 'log4j2.properties');
  let jars = '';

  return {
    name: 'kafka',
    title: 'Kafka 4.3.1',
    address: `127.0.0.1:${port}`,
    logFile: options.logFile,
    stopSignal: 'SIGTERM',
    async prepare(signal) {
      jars = join(await bootstrap.installArtifact('kafka', { cacheDir, signal }), '*');
      mkdirSync(dataDir, { recursive: true, mode: 0o700 });
      writeFileSync(serverProperties, propertiesOf(options));
      writeFileSync(loggingProperties, kafkaLogging(javaLogLevel(options.logLevel ?? 'info')));
      await formatOnce({ bootstrap, jars, env, options, serverProperties, signal });
    },
    processSpec: () => ({
      command: bootstrap.javaCommand(),
      args: [
        ...[
          '-Xms256m',
          '-Xmx512m',
          '-XX:+UseG1GC',
          '-XX:+ExitOnOutOfMemoryError',
          '-Djava.awt.headless=true',
        ],
        `-Dkafka.logs.dir=${dataDir}`,
        `-Dlog4j2.configurationFile=${loggingProperties}`,
        ...['-cp', jars, 'kafka.Kafka', serverProperties],
      ],
      cwd: dataDir,
      env,
    }),
    isReady: () => kafkaAnswers(`127.0.0.1:${port}`),
  };
}

function propertiesOf(options: KafkaOptions): string {
  const { port, controllerPort, nodeId = 1 } = options;
  const voters = options.voters ?? `${nodeId}@127.0.0.1:${controllerPort}`;
  return kafkaProperties(
    { nodeId, port, controllerPort, voters },
    logDirOf(options),
    options.properties ?? {},
  );
}

function logDirOf({ dataDir }: KafkaOptions): string {
  return join(dataDir, 'data');
}

interface Formatting {
  readonly bootstrap: Bootstrap;
  readonly jars: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly options: KafkaOptions;
  readonly serverProperties: string;
  readonly signal: AbortSignal;
}

/** A log directory gets its identity once; Kafka writes meta.properties last, so without it nothing is in there. */
async function formatOnce({
  bootstrap,
  jars,
  env,
  options,
  serverProperties,
  signal,
}: Formatting): Promise<void> {
  const logDir = logDirOf(options);
  const meta = join(logDir, 'meta.properties');
  if (existsSync(meta) && readFileSync(meta, 'utf8').includes('cluster.id=')) return;
  rmSync(logDir, { recursive: true, force: true });
  const clusterId = options.clusterId ?? newClusterId();
  const tool = ['-Xmx256m', '-cp', jars, 'kafka.tools.StorageTool'];
  const args = [...tool, 'format', '--ignore-formatted', '-t', clusterId, '-c', serverProperties];
  await runToEnd({ command: bootstrap.javaCommand(), args, cwd: options.dataDir, env }, signal);
}
