import fc from 'fast-check';
import { stepsOf, type Step } from './operations.js';
import { runSequence, type Happened } from './sequence.js';

export const OPERATIONS_PER_SEQUENCE = 500;

/**
 * Lets so many drawn sequences happen to the oracle and to the product.
 *
 * @returns what happened in them, and how often
 * @throws Error at the first sequence in which the two differ, with the shortest one that was found from there
 */
export function runSequences(sequences: number, seed: number): Happened {
  const happened: Happened = { operations: 0, outcomes: {} };
  // Dropping steps finds a short example faster than fast-check's own search through 500 of them.
  const drawn = fc.noShrink(stepsOf(OPERATIONS_PER_SEQUENCE));
  const property = fc.property(drawn, (steps) => {
    runSequence(steps, happened);
  });
  const { failed, counterexample, numRuns } = fc.check(property, { numRuns: sequences, seed });
  if (!failed) return happened;
  const steps = shortened(counterexample?.[0] ?? []);
  const told = steps.map((step) => JSON.stringify(step)).join('\n');
  throw new Error(`sequence ${numRuns} of seed ${seed}: ${String(failureOf(steps))}\nafter\n${told}`);
}

/** Drops every step without which the sequence still fails. */
function shortened(steps: readonly Step[]): readonly Step[] {
  let shortest = steps;
  for (let i = steps.length - 1; i >= 0; i--) {
    const without = shortest.toSpliced(i, 1);
    if (failureOf(without) !== null) shortest = without;
  }
  return shortest;
}

function failureOf(steps: readonly Step[]): string | null {
  try {
    runSequence(steps, { operations: 0, outcomes: {} });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
