/** Sentences from patterns: `[a|b]` is one of both, `{title}` the course's title. Brackets may nest. */
import { oneOf } from '../random.mjs';

const INNERMOST = /\[([^[\]]*)\]/;

export const expand = (random, pattern, title) => {
  let text = pattern;
  for (let found = INNERMOST.exec(text); found !== null; found = INNERMOST.exec(text)) {
    const [choice, inside] = found;
    // A function, because a text may hold what String.replace takes for a reference.
    const chosen = oneOf(random, inside.split('|'));
    text = text.replace(choice, () => chosen);
  }
  return text.replaceAll('{title}', () => title);
};
