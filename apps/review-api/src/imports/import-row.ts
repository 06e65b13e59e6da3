import type { SubmitReview } from '@reviews/domain';
import { importReview } from '../commands/review-commands.js';
import { idempotencyKeyRule } from '../request/idempotency-key.js';
import { isJsonObject, readFields } from '../request/read-fields.js';
import { courseIdRule, submissionRules } from '../request/review-rules.js';
import { createdAtRule } from './created-at-rule.js';
import type { FileLine } from './lines.js';

/** A row that is not imported, and why. */
export interface RefusedRow {
  readonly line: number;
  readonly reason: string;
  /** The first bad field; null when the whole line is bad. */
  readonly field: string | null;
}

/** What a line of a file stands for. */
export type ImportRow =
  | { readonly kind: 'blank' }
  | { readonly kind: 'refused'; readonly refusal: RefusedRow }
  | { readonly kind: 'command'; readonly command: SubmitReview };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads lines of a file.
 *
 * @param nowMs the clock that says which dates lie too far ahead
 */
export const importRowReader = (nowMs: number): ((line: FileLine) => ImportRow) => {
  const rules = {
    courseId: courseIdRule,
    ...submissionRules,
    createdAt: createdAtRule(nowMs),
    submissionId: idempotencyKeyRule,
  };
  return (line) => importRowOf(line, rules);
};

type RowRules = typeof submissionRules & {
  readonly courseId: typeof courseIdRule;
  readonly createdAt: ReturnType<typeof createdAtRule>;
  readonly submissionId: typeof idempotencyKeyRule;
};

const importRowOf = ({ line, bytes }: FileLine, rules: RowRules): ImportRow => {
  if (bytes === null) return refused(line, 'the line is too long', null);
  const text = textOf(bytes);
  if (text === undefined) return refused(line, 'the line is not UTF-8', null);
  if (text.trim() === '') return { kind: 'blank' };
  const row = parseJson(text);
  if (!isJsonObject(row)) return refused(line, 'the line is not a JSON object', null);
  const fields = readFields(row, rules);
  if (!fields.ok) {
    const [first] = fields.errors;
    return refused(line, first?.reason ?? 'the row is refused', first?.field ?? null);
  }
  const { createdAt: createdAtMs, submissionId: submissionKey, ...submission } = fields.value;
  return { kind: 'command', command: importReview(submission, { line, createdAtMs, submissionKey }) };
};

const refused = (line: number, reason: string, field: string | null): ImportRow => ({
  kind: 'refused',
  refusal: { line, reason, field },
});

const textOf = (bytes: Buffer): string | undefined => {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
