import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import getPort from 'get-port';
import pg from 'pg';
import { apiAt } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { sharedInfrastructure } from '../support/launched-stack.js';
import { SERVICES } from '../../stack/src/services.js';
import { buildImage, npmConfig } from './build-image.js';
import { openBuildah, type Buildah } from './buildah.js';
import { configOf, startContainer, type RunningContainer } from './container.js';
import { importStandInBase } from './stand-in-base.js';

const APPS = [...SERVICES, 'cli'] as const;
const OUTSIDERS = /^10001:10001$/;
const BASE = /^ARG NODE_IMAGE=(\S+)$/m.exec(readFileSync('deploy/cli/Dockerfile', 'utf8'))?.[1] ?? '';
const PACKAGE = /^node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+(?=\/)/;
const TEST_OR_EXAMPLE = /\.(spec|contract)\.|(^|\/)(testing|example)\//;
const READY_MS = 60_000;

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, { readonly dev?: true; readonly devOptional?: true }>;
};

let buildah: Buildah;
const images = new Map<string, string>();
const containers: RunningContainer[] = [];

const imageOf = (app: string): string => images.get(app) ?? `no image of ${app}`;

const start = async (
  app: string,
  env: Readonly<Record<string, string>>,
  command?: readonly string[],
): Promise<RunningContainer> => {
  const container = await startContainer(buildah, imageOf(app), env, command);
  containers.push(container);
  return container;
};

beforeAll(async () => {
  buildah = await openBuildah();
  await importStandInBase(buildah, BASE);
  for (const app of APPS) images.set(app, await buildImage(buildah, app));
});

afterAll(async () => {
  for (const container of containers) container.kill();
  await Promise.all(containers.map((container) => container.ended()));
  await buildah.close();
});

/** Looks at the files of an image, paths relative to its root. */
const lookInto = async (app: string, look: (root: string) => void): Promise<void> => {
  const container = await buildah.run('from', '--pull-never', imageOf(app));
  look(await buildah.run('mount', container));
  await buildah.run('rm', container);
};

const filesBelow = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1));

describe.each(APPS)('the image of %s', (app) => {
  it('runs as a numbered user who owns nothing in it', async () => {
    expect((await configOf(buildah, imageOf(app))).User).toMatch(OUTSIDERS);
    await lookInto(app, (root) => {
      const owners = filesBelow(join(root, 'app')).map((file) => statSync(join(root, 'app', file)).uid);
      expect(new Set(owners)).toEqual(new Set([0]));
    });
  });

  it('is asked after its health, unless it runs once', async () => {
    const { Healthcheck } = await configOf(buildah, imageOf(app));
    const asked = ['CMD', 'node', '/app/health.mjs', 'live'];
    expect(Healthcheck?.Test).toEqual(app === 'cli' ? ['NONE'] : asked);
  });

  it('holds the code of its app and of no other, no test and no example', async () => {
    await lookInto(app, (root) => {
      const dist = filesBelow(join(root, 'app', 'dist'));
      const own = app === 'cli' ? 'cli/' : `apps/${app}/`;
      expect(dist.filter((file) => !file.startsWith(own) && !file.startsWith('libs/'))).toEqual([]);
      expect(dist.filter((file) => TEST_OR_EXAMPLE.test(file))).toEqual([]);
    });
  });

  it('holds packages of the product only, no tool and no package manager', async () => {
    await lookInto(app, (root) => {
      const files = filesBelow(join(root, 'app')).filter((file) => file.startsWith('node_modules/'));
      const found = new Set(files.flatMap((file) => PACKAGE.exec(file)?.[0] ?? []));
      const size = filesBelow(join(root, 'app')).reduce(
        (sum, file) => sum + statSync(join(root, 'app', file)).size,
        0,
      );
      process.stdout.write(`${app}: ${found.size} packages, ${(size / 1e6).toFixed(1)} MB over its base\n`);
      const tools = [...found].filter((name) => {
        const locked = packages[name];
        return locked === undefined || locked.dev === true || locked.devOptional === true;
      });
      expect(found.size).toBeGreaterThan(0);
      expect(tools).toEqual([]);
      expect(readdirSync(join(root, 'usr/local/bin'))).toEqual(['node']);
    });
  });

  it('does not know where its packages came from', async () => {
    const { host } = new URL(await npmConfig('registry'));
    expect(await buildah.run('inspect', '--type', 'image', imageOf(app))).not.toContain(host);
    await lookInto(app, (root) => {
      const settings = ['app', 'root', 'usr/local'].flatMap((place) => filesBelow(join(root, place)));
      expect(settings.filter((file) => file.endsWith('npmrc'))).toEqual([]);
    });
  });
});

describe('what the images start', () => {
  let settings: Record<string, string>;
  let url: string;
  const services = new Map<string, RunningContainer>();

  beforeAll(async () => {
    const infrastructure = sharedInfrastructure();
    settings = {
      ...infrastructure,
      DATABASE_URL: await databaseOfARole(infrastructure['DATABASE_URL'] ?? ''),
      TOPIC_PREFIX: 'images-',
      FRAUD_PERCENT: '0',
      HOST: '127.0.0.1',
    };
  });

  it('makes topics, schemas and tables, by a role that is no superuser', async () => {
    const setup = await start('cli', settings, ['setup']);
    expect([await setup.ended(), setup.output()]).toEqual([0, expect.stringContaining('Topics: ')]);
  });

  it('refuses to be reached by others unless told that nobody is asked who they are', async () => {
    const reachable = { ...settings, HOST: '0.0.0.0' };
    const container = await start('review-api', reachable);
    expect([await container.ended(), container.output()]).toEqual([
      2,
      expect.stringContaining('ALLOW_UNAUTHENTICATED'),
    ]);
  });

  it.each(SERVICES)('gets %s ready, as its own health check says', async (service) => {
    const port = await getPort({ host: '127.0.0.1' });
    const container = await start(service, { ...settings, PORT: String(port) });
    services.set(service, container);
    if (service === 'review-api') url = `http://127.0.0.1:${port}`;
    await eventually(async () => {
      const response = await fetch(`http://127.0.0.1:${port}/health/ready`);
      if (response.status !== 200) throw new Error(`${await response.text()}\n${container.output()}`);
    }, READY_MS);
    for (const state of ['live', 'ready'])
      expect(await container.succeeds(['node', '/app/health.mjs', state])).toBe(true);
  });

  it('counts a review that is posted to it', async () => {
    const { body } = await apiAt(url).submit('bread-101', { userId: 'ada', rating: 4.5 });
    const answer = await eventually(async () => {
      const { body: statistics } = await apiAt(url).statistics('bread-101', body.position);
      if (statistics.stale === true) throw new Error('Not counted yet');
      return statistics;
    });
    expect([answer.allTime.count, answer.allTime.averageRating]).toEqual([1, 4.5]);
  });

  it('serves the page of the API with its scripts, which no import names', async () => {
    expect(await (await fetch(`${url}/docs`)).text()).toContain('swagger-ui-bundle.js');
    expect((await fetch(`${url}/docs/swagger-ui-bundle.js`)).status).toBe(200);
  });

  it('recounts what the services made of it, in threads of its own', async () => {
    const verify = await start('cli', settings, ['verify']);
    expect([await verify.ended(), verify.output()]).toEqual([0, expect.any(String)]);
  });

  it.each(SERVICES)('ends %s cleanly when its engine asks it to', async (service) => {
    const container = services.get(service);
    expect([await container?.stop(), container?.output()]).toEqual([0, expect.stringContaining('Stopped')]);
  });

  it('says that it is not well when nothing answers', async () => {
    const none = await start('review-api', { ...settings, PORT: '1' }, ['/app/health.mjs', 'live']);
    expect(await none.ended()).toBe(1);
  });
});

/** A database of its own for a role without rights, as deploy/postgres/databases.sh makes it. */
const databaseOfARole = async (databaseUrl: string): Promise<string> => {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query(`CREATE ROLE images LOGIN PASSWORD 'only-for-tests'`);
    await client.query('CREATE DATABASE images OWNER images');
    await client.query('REVOKE CONNECT ON DATABASE images FROM PUBLIC');
  } finally {
    await client.end();
  }
  const url = new URL(databaseUrl);
  Object.assign(url, { username: 'images', password: 'only-for-tests', pathname: '/images' });
  return url.href;
};
