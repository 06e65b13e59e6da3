import type { JudgedGoal } from './goals.mjs';

export function toSvg(goals: readonly JudgedGoal[]): string;
