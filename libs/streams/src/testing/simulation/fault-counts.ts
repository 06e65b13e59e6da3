/** Everything the simulation does to a service. Each kind must have occurred in a campaign. */
export const FAULT_KINDS = [
  'request lost',
  'response lost',
  'request delayed',
  'commit unanswered',
  'duplicate acknowledged',
  'coordinator moved',
  'leader moved',
  'stale offset fetch',
  'offset denied',
  'group offsets deleted',
  'group offsets moved',
  'process killed',
  'process frozen',
  'process stopped',
  'consumer restarted',
  'clock jumped',
  'compacted',
  'source records deleted',
  'foreign transaction aborted',
  'poison record',
  'changelog deleted',
  'changelog record lost',
  'source deleted',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** How often each kind of fault occurred. */
export class FaultCounts {
  readonly #counts = new Map<FaultKind, number>();

  add(kind: FaultKind, times = 1): void {
    if (times > 0) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + times);
  }

  toJSON(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
