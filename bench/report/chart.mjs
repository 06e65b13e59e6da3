/** A bar per goal that was measured, on a logarithmic scale: right of the line it holds. */

const BAR = 18;
const GAP = 8;
const LEFT = 340;
const WIDTH = 480;
const RIGHT = 70;
const TOP = 30;
/** From a tenth of what is asked for to ten times as much. */
const DECADES = 1;

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const xOf = (margin) =>
  LEFT + (WIDTH / 2) * (1 + Math.max(-DECADES, Math.min(DECADES, Math.log10(margin))) / DECADES);

const barOf = ({ what, goal, margin, median }, index) => {
  const y = TOP + index * (BAR + GAP);
  const [from, to] = [xOf(1), xOf(margin)].toSorted((a, b) => a - b);
  const value = median.toLocaleString('en', { maximumSignificantDigits: 3 });
  return [
    `<text x="${LEFT - 8}" y="${y + 13}" text-anchor="end">${escaped(what)}</text>`,
    `<rect x="${from.toFixed(1)}" y="${y}" width="${Math.max(1, to - from).toFixed(1)}" height="${BAR}" fill="${margin >= 1 ? '#2a7f4f' : '#b5482f'}"/>`,
    `<text x="${LEFT + WIDTH + 6}" y="${y + 13}">${value} (${escaped(goal)})</text>`,
  ].join('');
};

const tickOf = (margin, height) =>
  `<line x1="${xOf(margin)}" y1="${TOP - 6}" x2="${xOf(margin)}" y2="${height - 6}" stroke="${margin === 1 ? '#222' : '#ccc'}"/>` +
  `<text x="${xOf(margin)}" y="${TOP - 12}" text-anchor="middle" fill="#666">${margin === 1 ? 'goal' : `${margin} ×`}</text>`;

/** @param goals as judged; those not measured are left out */
export const toSvg = (goals) => {
  const measured = goals.filter(({ margin }) => margin !== undefined);
  const height = TOP + measured.length * (BAR + GAP) + 10;
  const width = LEFT + WIDTH + RIGHT + 60;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...[0.1, 0.3, 1, 3, 10].map((margin) => tickOf(margin, height)),
    ...measured.map(barOf),
    '</svg>\n',
  ].join('\n');
};
