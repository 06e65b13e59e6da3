import { describe, expect, it } from '@jest/globals';
import { moveTo } from './task-state.js';

describe('the states of a task', () => {
  it('lead from assigned over fencing and restoring to running', () => {
    expect(moveTo(moveTo(moveTo('assigned', 'fencing'), 'restoring'), 'running')).toBe('running');
  });

  it('lead from running back to fencing after any failure', () => {
    expect(moveTo('running', 'fencing')).toBe('fencing');
  });

  it.each([
    ['assigned', 'running'],
    ['fencing', 'running'],
    ['closed', 'fencing'],
    ['quarantined', 'fencing'],
  ] as const)('never lead from %s straight to %s', (from, to) => {
    expect(() => moveTo(from, to)).toThrow(`A ${from} task cannot become ${to}`);
  });
});
