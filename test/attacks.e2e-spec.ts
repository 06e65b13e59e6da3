import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A fraction of the attacks the figures in bench/fraud/README.md are of, every size of target among them. */
const PER_FAMILY = ['--per-family', '12'];
const DAY_MS = 86_400_000;
const FIRST_DAY_MS = Date.UTC(2024, 0, 1);

interface Distortion {
  readonly distortion: number | null;
  readonly cut: number | null;
  readonly daysLeftOut: number;
}
interface Rates {
  readonly precision: number | null;
  readonly recall: number;
  readonly allTime: Distortion;
  readonly recent: Distortion;
}
interface Report {
  readonly families: Readonly<Record<string, Readonly<Record<string, Rates>>>>;
  readonly falsePositives: Readonly<Record<string, { readonly reviews: number; readonly share: number }>>;
  readonly instances: readonly { readonly courses: readonly string[] }[];
}
interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const checkout = join(dirname(fileURLToPath(import.meta.url)), '..');
const node = join(checkout, 'node_modules/.bin/node');

/** The bench with these options, in plain node on `dist/`. */
const bench = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const limits = { maxBuffer: 64 * 1_024 * 1_024 };
    const main = join(checkout, 'bench/fraud/main.mjs');
    const run = execFile(node, [main, '--json', ...args], limits, (_error, stdout, stderr) => {
      resolve({ code: run.exitCode ?? -1, stdout, stderr });
    });
  });

const reportOf = ({ code, stdout, stderr }: Ended): Report => {
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Report;
};

const ratesOf = (report: Report, family: string, detector: string): Rates => {
  const rates = report.families[family]?.[detector];
  if (rates === undefined) throw new Error(`No figures of ${detector} on ${family}`);
  return rates;
};

describe('seeded attacks on the histories of courses', () => {
  let once: Ended;
  let report: Report;

  beforeAll(async () => {
    once = await bench(...PER_FAMILY);
    report = reportOf(once);
  });

  it('are the same, and come to the same, byte for byte', async () => {
    const again = await bench(...PER_FAMILY);
    expect(again.stdout).toBe(once.stdout);
  });

  it('distort less by 70 % or more where rules guard, which hold at most 1 % of what is honest', () => {
    const { precision, recall, allTime, recent } = ratesOf(report, 'all but slow-drip', 'rules');
    const falsePositives = report.falsePositives['rules'];
    process.stdout.write(
      `Rules: precision ${precision}, recall ${recall}, cut ${allTime.cut} all-time, ${recent.cut} recent, ` +
        `${falsePositives?.share} of ${falsePositives?.reviews} honest reviews held\n`,
    );
    expect(allTime.cut).toBeGreaterThanOrEqual(0.7);
    expect(recent.cut).toBeGreaterThanOrEqual(0.7);
    expect(falsePositives?.share).toBeLessThanOrEqual(0.01);
  });

  it('aim at other courses when thresholds are chosen than when they are measured', async () => {
    const tuning = reportOf(await bench('--split', 'tuning', ...PER_FAMILY));
    const targetsOf = ({ instances }: Report): readonly string[] =>
      instances.flatMap(({ courses }) => courses);
    const measured = new Set(targetsOf(report));
    expect(targetsOf(tuning).length).toBeGreaterThan(0);
    expect(targetsOf(tuning).filter((courseId) => measured.has(courseId))).toEqual([]);
  });
});

describe('attacks of other hands', () => {
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'reviews-attacks-'));
  });
  afterAll(async () => {
    await rm(directory, { recursive: true });
  });

  const review = (userId: string, day: number, rating: number, attack?: string): object => ({
    courseId: 'course',
    userId,
    rating,
    createdAt: new Date(FIRST_DAY_MS + day * DAY_MS).toISOString(),
    attack,
  });
  const fileOf = async (name: string, rows: readonly object[]): Promise<string> => {
    const file = join(directory, name);
    await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return file;
  };

  it('are judged by the distance of the average on each day to the 90th after the last review', async () => {
    //  day 0 │ day 1 │ day 2 … day 89 │ day 90 │ day 91 … day 92 │
    //    4 ★ │   4 ★ │   1 ★ (attack) │        │                 │
    // all-time:        (4+4+1)/3 = 3 instead of 4, on 91 days
    // recent:          1 away on 88 days │ (4+1)/2 instead of 4 │ nothing honest in the window: 2 days left out
    const data = await fileOf('honest.jsonl', [
      review('ann', 0, 4),
      review('bob', 1, 4),
      review('eve', 1, -1),
    ]);
    const attacks = await fileOf('attacks.jsonl', [review('mallory', 2, 1, 'lone-wolf/1')]);
    const { allTime, recent } = ratesOf(
      reportOf(await bench('--data', data, '--attacks', attacks)),
      'lone-wolf',
      'none',
    );
    expect(allTime).toMatchObject({ distortion: 1, daysLeftOut: 0 });
    expect(recent).toMatchObject({ distortion: (88 * 1 + 1.5) / 89, daysLeftOut: 2 });
  });

  it('must say what they are, in every row', async () => {
    const data = await fileOf('honest.jsonl', [review('ann', 0, 4)]);
    const attacks = await fileOf('unlabelled.jsonl', [review('m', 1, 1, 'wolf'), review('n', 1, 1)]);
    const { code, stderr } = await bench('--data', data, '--attacks', attacks);
    expect(code).toBe(1);
    expect(stderr).toContain('unlabelled.jsonl, line 2: no valid attack');
  });
});
