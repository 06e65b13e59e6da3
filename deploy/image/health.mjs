/** `node health.mjs [live|ready]`: exit code 0 when the service in this container says so. The image's HEALTHCHECK. */
const PATIENCE_MS = 2_500;
const EVERYWHERE = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };

const [state = 'live'] = process.argv.slice(2);
const { HOST = '0.0.0.0', PORT = '' } = process.env;
const host = EVERYWHERE[HOST] ?? (HOST.includes(':') ? `[${HOST}]` : HOST);
try {
  const url = `http://${host}:${PORT}/health/${state}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
  // Docker keeps what a check prints: the reason for whoever inspects the container.
  process.stdout.write(`${response.status} ${await response.text()}\n`);
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  process.stdout.write(`${error.cause?.message ?? error.message}\n`);
  process.exitCode = 1;
}
