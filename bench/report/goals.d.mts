export interface JudgedGoal {
  readonly id: string;
  readonly row: string;
  readonly what: string;
  readonly goal: string;
  readonly values?: readonly number[];
  readonly median?: number;
  readonly margin?: number;
  readonly holds: 'yes' | 'no' | 'not measured';
}
export const GOALS: Readonly<Record<string, { readonly row: string; readonly what: string }>>;
export function judged(id: string, values: readonly number[] | undefined): JudgedGoal;
