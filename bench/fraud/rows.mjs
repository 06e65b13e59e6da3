/** Honest rows and attacks of other hands, read from files. */
import { existsSync, readFileSync } from 'node:fs';
import { parseCourseId, parseRating, parseUserId } from '../../dist/libs/domain/src/index.js';
import { generatedRows } from './generated-rows.mjs';

const REAL_ROWS = new URL('../../../shared/data/omscs-reviews.jsonl', import.meta.url);
const SENTENCE_LENGTH = { min: 40, max: 220 };

/** The honest rows: of the file that was named, else of the real one, else generated. The description says which. */
export const honestRows = (file) => {
  const source = file ?? (existsSync(REAL_ROWS) ? REAL_ROWS : undefined);
  if (source === undefined) {
    const rows = generatedRows();
    return { description: `${rows.length} generated reviews, for want of a data file`, rows };
  }
  const all = parsedLines(source);
  // A rating that the API refuses never reaches the log.
  const rows = all.filter(({ value }) => isPostable(value.rating)).map(toRow);
  return { description: `${rows.length} of ${all.length} rows of ${nameOf(source)}`, rows };
};

/** Attacks of other hands: the rows of a file, one attack per label `"attack": "<family>[/<id>]"`. */
export const labelledAttacks = (file) => {
  const attacks = new Map();
  for (const line of parsedLines(file)) {
    const label = line.value.attack;
    if (typeof label !== 'string' || label === '') throw refusal(line, 'attack');
    const [family, ...rest] = label.split('/');
    const attack = attacks.get(label) ?? { family, id: rest.join('/'), rows: [] };
    attacks.set(label, attack);
    attack.rows.push(toRow(line));
  }
  return [...attacks.values()].map((attack) => ({ ...attack, rows: inOrder(attack.rows) }));
};

/** Rows by course, in time order: `{courseId, courseTitle, rows}`. Within an instant the file's order stays. */
export const coursesOf = (rows) => {
  const courses = Map.groupBy(rows.map(withTime), ({ courseId }) => courseId);
  return [...courses].map(([courseId, ofCourse]) => ({
    courseId,
    courseTitle: ofCourse[0].courseTitle ?? courseId,
    rows: inOrder(ofCourse),
  }));
};

const inOrder = (rows) => rows.toSorted((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));

const withTime = (row) => ({
  ...row,
  timeMs: Date.parse(row.createdAt),
  sentences: (row.content ?? '')
    .split(/(?<=[.!?])\s+/)
    .filter(({ length }) => length >= SENTENCE_LENGTH.min && length <= SENTENCE_LENGTH.max),
});

const parsedLines = (file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .map((text, index) => ({ text, place: `${nameOf(file)}, line ${index + 1}` }))
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, place }) => ({ value: parsed(text, place), place }));

const parsed = (text, place) => {
  let value;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${place}: not JSON`, { cause });
  }
  if (typeof value !== 'object' || value === null) throw new Error(`${place}: not a JSON object`);
  return value;
};

const toRow = (line) => {
  const { courseId, courseTitle, userId, rating, createdAt, title, content } = line.value;
  const isText = (value) => typeof value === 'string';
  const isTextOrMissing = (value) => value === undefined || value === null || isText(value);
  if (!isText(courseId) || parseCourseId(courseId) === undefined) throw refusal(line, 'courseId');
  if (!isText(userId) || parseUserId(userId) === undefined) throw refusal(line, 'userId');
  if (!isPostable(rating)) throw refusal(line, 'rating');
  if (!isText(createdAt) || Number.isNaN(Date.parse(createdAt))) throw refusal(line, 'createdAt');
  for (const [name, value] of Object.entries({ courseTitle, title, content }))
    if (!isTextOrMissing(value)) throw refusal(line, name);
  return { courseId, courseTitle, userId, rating, createdAt, title, content };
};

const isPostable = (rating) => typeof rating === 'number' && parseRating(rating) !== undefined;

const refusal = ({ place }, field) => new Error(`${place}: no valid ${field}`);

const nameOf = (file) => String(file).split('/').at(-1);
