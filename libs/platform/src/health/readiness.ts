/** Something a service needs in order to do its work. */
export interface ReadinessCheck {
  /** For people and alerts, for example `kafka`. */
  readonly name: string;
  /** Resolves when it is there, rejects with the reason when it is not. */
  check(): Promise<void>;
}

/** What became of one check. */
export interface CheckOutcome {
  readonly name: string;
  readonly status: 'ok' | 'failed';
  readonly error?: string;
}

export interface ReadinessReport {
  readonly status: 'ready' | 'not-ready';
  readonly checks: readonly CheckOutcome[];
}

/** The checks of a service. Those who own a connection add theirs. */
export interface Readiness {
  add(check: ReadinessCheck): void;
  /** Runs all checks at once, or answers what they said a moment ago. */
  report(): Promise<ReadinessReport>;
}

export interface ReadinessOptions {
  /** A check that has not answered by then has failed. Milliseconds; default: 2,000. */
  readonly checkTimeoutMs?: number;
  /** How long a report is handed out again, so that probing is cheap. Milliseconds; default: 1,000. */
  readonly cacheMs?: number;
  /** A clock that never goes back. Default: the process's. */
  readonly nowMs?: () => number;
}

export const readiness = (options: ReadinessOptions = {}): Readiness => {
  const { checkTimeoutMs = 2_000, cacheMs = 1_000, nowMs = () => performance.now() } = options;
  const checks: ReadinessCheck[] = [];
  let latest: { readonly startedAtMs: number; readonly report: Promise<ReadinessReport> } | undefined;

  const runAll = async (): Promise<ReadinessReport> => {
    const outcomes = await Promise.all(checks.map((check) => outcomeOf(check, checkTimeoutMs)));
    const isReady = outcomes.every((outcome) => outcome.status === 'ok');
    return { status: isReady ? 'ready' : 'not-ready', checks: outcomes };
  };

  return {
    add(check) {
      checks.push(check);
      latest = undefined;
    },
    report() {
      if (latest === undefined || nowMs() - latest.startedAtMs >= cacheMs) {
        latest = { startedAtMs: nowMs(), report: runAll() };
      }
      return latest.report;
    },
  };
};

const outcomeOf = async (check: ReadinessCheck, timeoutMs: number): Promise<CheckOutcome> => {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${timeoutMs} ms`));
    }, timeoutMs);
  });
  try {
    await Promise.race([check.check(), timeout]);
    return { name: check.name, status: 'ok' };
  } catch (error) {
    return {
      name: check.name,
      status: 'failed',
      error: error instanceof Error ? error.message : String(error),
    };
  } finally {
    clearTimeout(timer);
  }
};
