/**
 * `npm run bench:fraud`: seeded attacks on real histories, and what each fraud detector makes of them. Deterministic:
 * the same options give the same bytes.
 */
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { seededAttacks } from './attacks.mjs';
import { detectors } from './detectors.mjs';
import { measureAttack, measureHonest } from './measure.mjs';
import { falsePositivesOf, ratesOf } from './rates.mjs';
import { reportLines } from './report.mjs';
import { coursesOf, honestRows, labelledAttacks } from './rows.mjs';
import { ONLY_REPORTED, SPLITS } from './splits.mjs';
import { SIZE_NAMES } from './targets.mjs';

const HELP = `npm run bench:fraud -- [options]

  --split NAME      which seeded attacks: final (default) or tuning
  --per-family N    attacks per family, 1 or more (default 48)
  --data FILE       honest reviews; default ../shared/data/omscs-reviews.jsonl, without it generated ones
  --attacks FILE    attacks of other hands instead of the seeded ones
  --json            the figures as JSON, each attack with its own
  --help

Both files have one JSON object per line:
  {"courseId": "…", "courseTitle": "…", "userId": "…", "rating": 0.5 to 5 in halves, "createdAt": RFC 3339,
   "title": "…", "content": "…"}            courseTitle, title and content may be missing
In --data, rows with another rating are left out. In --attacks each row also has
  "attack": "<family>[/<id>]"               the rows of one label are one attack; any name is a family
and its courses are those of the honest reviews. Every row counts as posted at its createdAt.
`;

const { values: options } = parseArgs({
  options: {
    split: { type: 'string', default: 'final' },
    'per-family': { type: 'string', default: '48' },
    data: { type: 'string' },
    attacks: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const run = () => {
  const perFamily = Number(options['per-family']);
  if (!Number.isInteger(perFamily) || perFamily < 1) throw new Error('--per-family takes a number from 1');
  if (!Object.hasOwn(SPLITS, options.split))
    throw new Error(`--split takes one of ${Object.keys(SPLITS).join(', ')}`);
  const progress = (line) => process.stderr.write(`${line}\n`);

  const { description, rows } = honestRows(options.data);
  const courses = coursesOf(rows);
  const attacks =
    options.attacks === undefined
      ? seededAttacks(courses, options.split, perFamily)
      : labelledAttacks(options.attacks);
  if (attacks.length === 0) throw new Error('There is no attack to measure');
  progress(`${attacks.length} attacks, ${description}`);

  const measuredDetectors = detectors();
  const [unguarded, ...guards] = measuredDetectors;
  const measured = attacks.map((attack, index) => {
    if (attacks[index - 1]?.family !== attack.family) progress(`attacks: ${attack.family}`);
    const results = measureAttack(attack, courses, measuredDetectors, unguarded);
    return { ...attack, results };
  });
  const falsePositives = guards.map((detector) => {
    progress(`honest reviews: ${detector.name}`);
    return [detector.name, falsePositivesOf(measureHonest(courses, detector))];
  });

  const byDetector = (some) =>
    Object.fromEntries(measuredDetectors.map(({ name }) => [name, ratesOf(some, name)]));
  const promised = measured.filter(({ family }) => family !== ONLY_REPORTED);
  const groupedBy = (some, key) =>
    Object.fromEntries([...Map.groupBy(some, key)].map(([name, group]) => [name, byDetector(group)]));
  return {
    data: description,
    attacks: {
      name: options.attacks === undefined ? `seeded, split ${options.split}` : 'of other hands',
      count: attacks.length,
      digest: digestOf(attacks),
    },
    families: {
      ...groupedBy(measured, ({ family }) => family),
      ...(promised.length === 0 ? {} : { [`all but ${ONLY_REPORTED}`]: byDetector(promised) }),
    },
    sizes: groupedBy(
      // Only the seeded ones say what they were aimed at.
      promised
        .filter(({ size }) => size !== undefined)
        .toSorted((a, b) => SIZE_NAMES.indexOf(a.size) - SIZE_NAMES.indexOf(b.size)),
      ({ size }) => size,
    ),
    falsePositives: Object.fromEntries(falsePositives),
    instances: measured.map(({ rows: attackRows, ...rest }) => ({
      ...rest,
      courses: [...new Set(attackRows.map(({ courseId }) => courseId))],
    })),
  };
};

const digestOf = (attacks) =>
  createHash('sha256')
    .update(JSON.stringify(attacks.map(({ family, id, rows }) => [family, id, rows])))
    .digest('hex')
    .slice(0, 16);

if (options.help) process.stdout.write(HELP);
else {
  try {
    const report = run();
    const text = options.json ? JSON.stringify(report, null, 2) : reportLines(report).join('\n');
    process.stdout.write(`${text}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
