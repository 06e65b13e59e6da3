import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseConfig } from './config.js';
import { RunRecord } from './run-record.js';

const ADDRESSES = { url: '', kafkaBrokers: '', schemaRegistryUrl: '', databaseUrl: '' };

let stateDir: string;
let record: RunRecord;

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'reviews-record-'));
  record = new RunRecord({ ...parseConfig({}), stateDir }, ADDRESSES, () => []);
});
afterEach(() => {
  rmSync(stateDir, { recursive: true, force: true });
});

describe('the record of a run', () => {
  it('says which phase it is in', () => {
    record.enter('running');
    expect(JSON.parse(readFileSync(join(stateDir, 'run.json'), 'utf8'))).toMatchObject({ phase: 'running' });
  });

  it('that cannot be written ends a start, and never keeps a run from stopping', () => {
    rmSync(stateDir, { recursive: true });
    expect(() => {
      record.enter('running');
    }).toThrow('ENOENT');
    expect(() => {
      record.enter('stopping');
      record.rewrite();
      record.remove();
    }).not.toThrow();
  });
});
