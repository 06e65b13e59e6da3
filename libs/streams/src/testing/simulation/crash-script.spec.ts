import { describe, expect, it } from '@jest/globals';
import { runScript, type Interruption, type Place } from './crash-script.js';

const TIME_LIMIT_MS = 180_000;

/** Runs the script once for each interruption; what went wrong, by interruption. */
const wrongAfter = async (interruptions: readonly Interruption[]) => {
  const wrong: { readonly interruption: Interruption; readonly wrong: readonly string[] }[] = [];
  const states = new Set<string>();
  for (const interruption of interruptions) {
    const outcome = await runScript(interruption);
    for (const state of outcome.statesAtKill) states.add(state);
    if (outcome.wrong.length > 0) wrong.push({ interruption, wrong: outcome.wrong });
  }
  return { wrong, states: [...states].sort() };
};

const killsOf = (place: Place, events: number, outlives: boolean): Interruption[] =>
  Array.from({ length: events }, (_, afterEvents) => ({ kind: 'kill', place, afterEvents, outlives }));

describe('two processes that start, share, fail and stop', () => {
  it('come to what the inputs say when nothing else happens', async () => {
    const { wrong, extents, requests } = await runScript({ kind: 'none' });
    expect(wrong).toEqual([]);
    expect([...extents].sort()).toEqual(['tail', 'whole']);
    expect(new Set(requests)).toContain('LeaveGroup');
  });

  // Between two events a process is where some await of it left it: these are all the moments there are.
  it.each<[Place, string, boolean]>([
    ['first', 'lost', false],
    ['first', 'in the log', true],
    ['second', 'lost', false],
    ['second', 'in the log', true],
  ])(
    'come to the same when the %s is killed at any moment, whatever it had sent being %s',
    async (place, _fate, outlives) => {
      const { events } = await runScript({ kind: 'none' });
      const { wrong, states } = await wrongAfter(killsOf(place, events, outlives));
      expect(wrong).toEqual([]);
      expect(states).toEqual(expect.arrayContaining(['fencing', 'restoring', 'running']));
      if (place === 'first') expect(states).toContain('stopping');
    },
    TIME_LIMIT_MS,
  );

  it.each(['request lost', 'response lost', 'delayed'] as const)(
    'come to the same when any one request meets: %s',
    async (fault) => {
      const { requests } = await runScript({ kind: 'none' });
      const { wrong } = await wrongAfter(
        requests.map((_, request): Interruption => ({ kind: 'fault', request, fault })),
      );
      expect(wrong).toEqual([]);
    },
    TIME_LIMIT_MS,
  );
});
