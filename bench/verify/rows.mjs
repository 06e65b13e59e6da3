/** Rows of an import, seeded: mostly first reviews, some edits, some said again. */
import { Buffer } from 'node:buffer';
import { randomOf } from '../workloads/random.mjs';

const SEED = 5;
const DAY_MS = 86_400_000;
const DAYS = 200;
const ROWS_PER_CHUNK = 500;
const EDITED = 0.15;
const REPEATED = 0.03;
const CONTENT = 'Clear lectures, fair exams, and a forum that answers within the hour. '.repeat(3);

export function* reviewRows(count, courses) {
  const random = randomOf(SEED);
  const startMs = Date.now() - DAYS * DAY_MS;
  let lines = [];
  let users = 0;
  let last = '';
  for (let row = 0; row < count; row++) {
    const draw = random();
    if (draw >= REPEATED || last === '') {
      const user = draw < REPEATED + EDITED ? Math.floor(random() * users) : users++;
      last = JSON.stringify({
        courseId: `course-${user % courses}`,
        courseTitle: `Course ${user % courses}`,
        userId: `user-${user}`,
        rating: (1 + Math.floor(random() * 10)) / 2,
        createdAt: new Date(startMs + Math.floor((row / count) * DAYS * DAY_MS)).toISOString(),
        content: CONTENT.slice(0, 60 + Math.floor(random() * 140)),
      });
    }
    lines.push(last);
    if (lines.length === ROWS_PER_CHUNK) {
      yield Buffer.from(`${lines.join('\n')}\n`);
      lines = [];
    }
  }
  if (lines.length > 0) yield Buffer.from(`${lines.join('\n')}\n`);
}
