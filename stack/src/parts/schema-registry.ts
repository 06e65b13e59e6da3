import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadBootstrap } from '../bootstrap.js';
import { type LogLevel } from '../config.js';
import { javaLogLevel } from '../java-log-level.js';
import { type Part, type StartedPart, startPart } from '../part.js';

export const SCHEMA_REGISTRY_DIRECTORY = 'schema-registry-2.6';
const JAR = 'apicurio-registry-app-2.6.13.Final-runner.jar';
const PATIENCE_MS = 2_000;

export interface SchemaRegistryOptions {
  /** Its database. Keeps subjects and ids over stop, kill and start. */
  readonly dataDir: string;
  readonly port: number;
  readonly logFile: string;
  /** Where the downloaded program is shared. Default: $XDG_CACHE_HOME/course-reviews. */
  readonly cacheDir?: string;
  readonly logLevel?: LogLevel;
  /** Environment of the process. Default: this process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Starts an Apicurio registry; its address speaks the Confluent protocol. */
export async function startSchemaRegistry(options: SchemaRegistryOptions): Promise<StartedPart> {
  return startPart(await schemaRegistryPart(options));
}

export async function schemaRegistryPart(options: SchemaRegistryOptions): Promise<Part> {
  const bootstrap = await loadBootstrap();
  const cacheDir = options.cacheDir ?? bootstrap.defaultCacheDir();
  const address = `http://127.0.0.1:${options.port}/apis/ccompat/v7`;
  let program = '';
  return {
    name: 'schema-registry',
    title: 'schema registry 2.6.13',
    address,
    logFile: options.logFile,
    stopSignal: 'SIGTERM',
    async prepare(signal) {
      program = await bootstrap.installArtifact('schema-registry', { cacheDir, signal });
      mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
    },
    processSpec: () => ({
      command: bootstrap.javaCommand(),
      // It answers a few calls in its life: starting fast matters more than the best machine code.
      args: [
        '-Xmx256m',
        '-XX:+UseSerialGC',
        '-XX:TieredStopAtLevel=1',
        '-XX:+ExitOnOutOfMemoryError',
        '-jar',
        join(program, JAR),
      ],
      cwd: options.dataDir,
      env: {
        ...(options.env ?? process.env),
        QUARKUS_HTTP_HOST: '127.0.0.1',
        QUARKUS_HTTP_PORT: String(options.port),
        QUARKUS_LOG_LEVEL: javaLogLevel(options.logLevel ?? 'info'),
        REGISTRY_DATASOURCE_URL: `jdbc:h2:file:${join(options.dataDir, 'registry')}`,
        REGISTRY_DATASOURCE_USERNAME: 'sa',
        REGISTRY_DATASOURCE_PASSWORD: 'sa',
      },
    }),
    isReady: () => schemaRegistryAnswers(address),
  };
}

export async function schemaRegistryAnswers(url: string): Promise<boolean> {
  try {
    const { username, password } = new URL(url);
    const bare = new URL(`${url}/subjects`);
    bare.username = bare.password = '';
    const credentials = Buffer.from(
      `${decodeURIComponent(username)}:${decodeURIComponent(password)}`,
    ).toString('base64');
    const headers: Record<string, string> = username === '' ? {} : { authorization: `Basic ${credentials}` };
    const response = await fetch(bare, { headers, signal: AbortSignal.timeout(PATIENCE_MS) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    // Not listening yet.
    return false;
  }
}
