import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const PORTS = { 'review-api': 3000, 'fraud-detector': 3001, aggregator: 3002, 'stats-sink': 3003 } as const;
const APPS = [...Object.keys(PORTS), 'cli'];

const dockerfileOf = (app: string): string => readFileSync(`deploy/${app}/Dockerfile`, 'utf8');

describe('the Dockerfiles', () => {
  it.each(Object.entries(PORTS))('are the same but for name and port: %s', (service, port) => {
    const asTheFirst = dockerfileOf(service)
      .replaceAll(service, 'review-api')
      .replaceAll(String(port), '3000');
    expect(asTheFirst).toBe(dockerfileOf('review-api'));
  });

  it.each(Object.entries(PORTS))('open the port that %s has by default', (service, port) => {
    const folder = `apps/${service}/src/`;
    const file = ['aggregator'].includes(service) ? 'main.ts' : 'config.ts';
    expect(readFileSync(`${folder}${file}`, 'utf8')).toContain(`DEFAULT_PORT = ${port};`);
  });

  it.each(APPS)('stand on the Node that the product is tested with: %s', (app) => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      dependencies: { node: string };
    };
    const base = `docker.io/library/node:${dependencies.node}-bookworm-slim`;
    expect(dockerfileOf(app)).toContain(`\nARG NODE_IMAGE=${base}\n`);
    expect(dockerfileOf(app).match(/^FROM .*$/gm)).toEqual([
      'FROM ${NODE_IMAGE} AS build',
      'FROM ${NODE_IMAGE}',
    ]);
  });

  it.each(APPS)('share the steps up to the build, so that it is done once for all: %s', (app) => {
    const shared = (text: string): string => text.slice(0, text.indexOf('RUN node deploy/trace.mjs'));
    expect(shared(dockerfileOf(app))).toBe(shared(dockerfileOf('review-api')));
  });
});
