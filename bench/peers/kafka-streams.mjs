/** The Kafka Streams peer as a benchmark uses it: built once, started on a broker, reporting, stopped by its id. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { clearTimeout, setTimeout } from 'node:timers';
import { javaCommand } from '../../stack/bin/java.mjs';

export { buildKafkaStreamsPeer } from './build-kafka-streams.mjs';

const STOP_PATIENCE_MS = 15_000;
const KEPT_CHARACTERS = 4_000;

/**
 * Starts one form of the peer.
 *
 * @param options.classPath what {@link buildKafkaStreamsPeer} returned
 * @param options.form textbook, best or ledger
 * @param options.broker host:port
 * @param options.source topic it reads
 * @param options.outputPrefix goes in front of the product's names for the topics it writes; they must exist
 * @param options.applicationId group, transactional ids and prefix of its changelogs: another one is another state
 * @param options.stateDir where it may write; wiped, the state comes back from the changelog
 * @param options.settings more of the peer's own flags by name, see README.md
 * @param options.jvm flags of the JVM
 * @returns `reports`, an async iterator for one reader that throws when the peer ends unasked; `stop()`, which resolves when it
 *   has ended; `exited`, how it ended
 */
export const startPeer = ({
  classPath,
  form,
  broker,
  source,
  outputPrefix,
  applicationId,
  stateDir,
  settings = {},
  jvm = ['-Xms1g', '-Xmx4g', '-XX:+UseParallelGC'],
}) => {
  const flags = {
    form,
    broker,
    source,
    'output-prefix': outputPrefix,
    'application-id': applicationId,
    'state-dir': stateDir,
    ...settings,
  };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(
    javaCommand(),
    [
      ...jvm,
      '-XX:+ExitOnOutOfMemoryError',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      ...['-cp', classPath, 'io.coursereviews.peer.Main', ...args],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let isStopping = false;
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => (said = (said + chunk).slice(-KEPT_CHARACTERS)));
  const exited = once(child, 'close').then(([code, signal]) => ({ code, signal, said }));
  // It would go on without a reader.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  exited.then(
    () => process.off('exit', kill),
    () => process.off('exit', kill),
  );

  return {
    pid: child.pid,
    exited,
    reports: reportsOf(child, form, () => isStopping, exited),
    async stop() {
      isStopping = true;
      child.kill('SIGTERM');
      const late = setTimeout(kill, STOP_PATIENCE_MS);
      const { code, signal } = await exited;
      clearTimeout(late);
      if (code !== 0) throw failure(form, { code, signal, said });
    },
  };
};

/** Lines are kept from the start, whenever the reader comes. */
const reportsOf = (child, form, isStopping, exited) => {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return (async function* reports() {
    for await (const line of lines) {
      const report = JSON.parse(line);
      if (report.kind === 'failed')
        throw new Error(`The Kafka Streams peer ${form} failed: ${report.message}`);
      yield report;
    }
    const end = await exited;
    if (!isStopping()) throw failure(form, end);
  })();
};

const failure = (form, { code, signal, said }) =>
  new Error(`The Kafka Streams peer ${form} ended with ${code ?? signal}: ${said.trim()}`);
