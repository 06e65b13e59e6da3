/** The figures as aligned tables. */
import { textTable } from '../../dist/cli/src/text-table.js';

const percent = (share, digits = 1) => (share === null ? '–' : `${(share * 100).toFixed(digits)} %`);
const stars = (number) => (number === null ? '–' : number.toFixed(3));

export const reportLines = (report) => [
  `attacks: ${report.attacks.name}, ${report.attacks.count} of them, digest ${report.attacks.digest}`,
  `honest reviews: ${report.data}`,
  '',
  ...table(groupRows(report.families), 'family'),
  '',
  ...(Object.keys(report.sizes).length === 0 ? [] : [...table(groupRows(report.sizes), 'target'), '']),
  ...falsePositives(report.falsePositives),
  '',
  'precision, recall: of all reviews of the family together; mean recall: of each attack, averaged.',
  'stars: mean distance of the published average from what it would be without the attack and any detector, per day from',
  'the first attack review to 90 days after the last, then per attack; days without an average on either side are left out.',
  'cut: 1 - stars with the detector / stars without one (ratio of means: the headline); per attack: mean of the cuts of',
  'each attack that moves the average by 0.01 stars or more.',
];

const HEAD = ['detector', 'attacks', 'reviews', 'precision', 'recall', 'mean recall'];
const STATISTIC_HEAD = ['stars', 'cut', 'per attack'];

const groupRows = (groups) =>
  Object.entries(groups).flatMap(([group, byDetector]) =>
    Object.entries(byDetector).map(([detector, rates]) => [
      group,
      detector,
      String(rates.attacks),
      String(rates.attackReviews),
      percent(rates.precision),
      percent(rates.recall),
      percent(rates.meanRecall),
      ...[rates.allTime, rates.recent].flatMap(({ distortion, cut, meanCut }) => [
        stars(distortion),
        percent(cut),
        percent(meanCut),
      ]),
    ]),
  );

const table = (rows, groupedBy) =>
  textTable(
    [
      ['', '', '', '', '', '', '', 'all-time', '', '', 'recent', '', ''],
      [groupedBy, ...HEAD, ...STATISTIC_HEAD, ...STATISTIC_HEAD],
      ...rows,
    ],
    ['left', 'left', ...new Array(11).fill('right')],
  );

const falsePositives = (byDetector) => {
  const years = Object.keys(Object.values(byDetector)[0].byYear);
  const rows = Object.entries(byDetector).map(([detector, { held, reviews, share, byYear, worstCourse }]) => [
    detector,
    `${held} of ${reviews}`,
    percent(share, 2),
    ...years.map((year) => percent(byYear[year].share)),
    worstCourse === null
      ? '–'
      : `${percent(worstCourse.share)} of ${worstCourse.reviews} ${worstCourse.courseId}`,
  ]);
  return textTable(
    [['held of the honest', 'reviews', 'share', ...years, 'worst course of 20 reviews or more'], ...rows],
    ['left', 'right', 'right', ...years.map(() => 'right'), 'left'],
  );
};
