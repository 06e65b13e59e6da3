import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

interface Container {
  readonly image: string;
  readonly build?: { readonly dockerfile: string };
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly mem_limit?: string;
  readonly restart?: string;
  readonly networks?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment: Readonly<Record<string, unknown>>;
  readonly healthcheck: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly stop_grace_period?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

interface Compose {
  readonly services: Readonly<Record<string, Container>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, object>>;
}

const TEXT = readFileSync('deploy/compose.yaml', 'utf8');
const compose = parse(TEXT, { merge: true }) as Compose;
const containers = Object.entries(compose.services);
const SERVICES = ['fraud-detector', 'aggregator', 'stats-sink', 'review-api'];
const ONCE = ['setup', 'reviews'];
/** What `start-service.ts` gives a service to end in. */
const SHUTDOWN_SECONDS = 15;

const containerOf = (name: string): Container => {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`No container ${name}`);
  return found;
};

describe.each(containers)('the container %s', (name, container) => {
  it('has a numbered user, no rights, and nothing it may write to but what is named', () => {
    expect(container.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(container).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  });

  it('cannot take all memory, and comes back when it dies', () => {
    expect(container.mem_limit).toMatch(/^\d+[mg]$/);
    expect(container.restart).toBe(ONCE.includes(name) ? 'no' : 'unless-stopped');
  });

  it('is asked after its health, unless it runs once', () => {
    expect(
      ONCE.includes(name) ? container.healthcheck.disable : container.healthcheck.test?.length,
    ).toBeTruthy();
  });

  it('is an exact version, or built here', () => {
    expect(container.image).toMatch(/:[^:]*\d+\.\d+[^:]*$/);
    const dockerfile = container.build?.dockerfile;
    expect(dockerfile === undefined || existsSync(dockerfile)).toBe(true);
  });

  it('keeps data in volumes with a name, and reads what it is given', () => {
    for (const volume of container.volumes ?? []) {
      const [source = ''] = volume.split(':');
      if (source.startsWith('.')) {
        expect(volume.endsWith(':ro') && existsSync(`deploy/${source}`)).toBe(true);
      } else expect(Object.keys(compose.volumes)).toContain(source);
    }
  });

  it('has no password of ours', () => {
    for (const [variable, value] of Object.entries(container.environment)) {
      const text = String(value);
      if (variable.includes('PASSWORD')) expect(text).toMatch(/^\$\{[A-Z_]+:\?[^}]+\}$/);
      if (text.includes('@') && text.includes('://')) expect(text).toMatch(/:\$\{[A-Z_]+:\?[^}]+\}@/);
    }
  });
});

describe('the compose file', () => {
  it('publishes one port, on loopback', () => {
    const published = containers.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]));
    expect(published).toEqual([['review-api', '127.0.0.1:${PORT:-3000}:3000']]);
  });

  it('has everything on a network without a way out, and only the API on another', () => {
    expect(compose.networks['inside']).toEqual({ internal: true });
    for (const [name, { networks }] of containers)
      expect(networks).toEqual(name === 'review-api' ? ['inside', 'edge'] : ['inside']);
  });

  it.each(SERVICES)('starts %s when topics, schemas and tables are there', (service) => {
    expect(containerOf(service).depends_on).toEqual({
      setup: { condition: 'service_completed_successfully' },
    });
  });

  it.each(SERVICES)('gives %s longer to stop than it takes', (service) => {
    expect(Number.parseInt(containerOf(service).stop_grace_period ?? '', 10)).toBeGreaterThan(
      SHUTDOWN_SECONDS,
    );
  });

  it('tells the same topics to whoever makes them and whoever uses them', () => {
    const topicsOf = (name: string): unknown[] =>
      ['KAFKA_BROKERS', 'TOPIC_PARTITIONS', 'TOPIC_PREFIX'].map((key) => containerOf(name).environment[key]);
    for (const name of [...SERVICES, 'reviews']) expect(topicsOf(name)).toEqual(topicsOf('setup'));
  });

  it('asks for every variable without a default in .env.example', () => {
    const asked = new Set([...TEXT.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, variable]) => variable));
    const example = readFileSync('deploy/.env.example', 'utf8');
    expect(new Set([...example.matchAll(/^([A-Z_]+)=$/gm)].map(([, variable]) => variable))).toEqual(asked);
  });
});
