/** A safety rule, what switches it off, and the seed that noticed. */
export interface BrokenRule {
  readonly rule: string;
  readonly seed: number;
  readonly why: string;
  readonly edits: readonly {
    readonly file: string;
    readonly snippet: string;
    readonly replacement: string;
  }[];
}

export const BROKEN_RULES: readonly BrokenRule[];
