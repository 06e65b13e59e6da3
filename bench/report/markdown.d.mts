import type { JudgedGoal } from './goals.mjs';

export function toMarkdown(report: {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly goals: readonly JudgedGoal[];
  readonly rows: Readonly<Record<string, object>>;
}): string;
