import { execFile } from 'node:child_process';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadBootstrap } from '../../stack/src/bootstrap.js';
import { eventually } from './eventually.js';

const run = promisify(execFile);
const SOURCES = fileURLToPath(new URL('broker-clock/', import.meta.url));
const AGENT = 'clock-agent.jar';

/** The clock of a Kafka that is started with `env`. */
export interface BrokerClock {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Resolves once the running broker's clock goes on from there. */
  moveTo(timeMs: number): Promise<void>;
}

/**
 * Compiles an agent that replaces Kafka's clock, in an empty directory that it keeps its things in.
 *
 * @param timeMs where the clock begins, in milliseconds since 1970
 * @throws when there is no Java compiler
 */
export const brokerClock = async (directory: string, timeMs: number): Promise<BrokerClock> => {
  const ask = async (askedMs: number): Promise<string> => {
    const ahead = String(askedMs - Date.now());
    // Renamed, so that the broker never reads half a number.
    await writeFile(join(directory, 'asking'), ahead);
    await rename(join(directory, 'asking'), join(directory, 'asked-ahead-ms'));
    return ahead;
  };
  await compileAgent(directory);
  await ask(timeMs);
  return {
    env: { ...process.env, JAVA_TOOL_OPTIONS: `-javaagent:${join(directory, AGENT)}=${directory}` },
    async moveTo(askedMs) {
      const asked = await ask(askedMs);
      await eventually(async () => {
        const taken = await readFile(join(directory, 'taken-ahead-ms'), 'utf8');
        if (taken !== asked) throw new Error(`The broker is ${taken} ms ahead, not ${asked}`);
      });
    },
  };
};

/** Whether a clock can be made here; else the reason why not. */
export const whyNoBrokerClock = async (): Promise<string | undefined> => {
  const javac = await jdkCommand('javac');
  try {
    await run(javac, ['-version']);
    return undefined;
  } catch {
    return `${javac} does not run: a JDK is needed, not only a JRE`;
  }
};

const compileAgent = async (directory: string): Promise<void> => {
  const bootstrap = await loadBootstrap();
  const { signal } = new AbortController();
  const kafka = await bootstrap.installArtifact('kafka', { cacheDir: bootstrap.defaultCacheDir(), signal });
  const sources = ['SystemTime.java', 'ClockAgent.java'].map((source) => join(SOURCES, source));
  await run(await jdkCommand('javac'), ['-cp', join(kafka, '*'), '-d', directory, ...sources]);
  const manifest = join(directory, 'manifest');
  await writeFile(manifest, 'Premain-Class: ClockAgent\n');
  // The agent alone: what it gives to the JVM must not lie on its class path.
  const agentClasses = ['ClockAgent.class', 'ClockAgent$1.class'].flatMap((name) => ['-C', directory, name]);
  await run(await jdkCommand('jar'), ['cfm', join(directory, AGENT), manifest, ...agentClasses]);
};

/** A tool of the JDK whose Java runs Kafka. */
const jdkCommand = async (tool: string): Promise<string> => {
  const java = (await loadBootstrap()).javaCommand();
  return basename(java) === java ? tool : join(dirname(java), tool);
};
