import { StreamsError } from '../streams-error.js';

/** Where a task stands in its life. */
export type TaskState = 'assigned' | 'fencing' | 'restoring' | 'running' | 'quarantined' | 'closed';

/** The legal moves. Any failure while running leads back to fencing: restoring then finds out what happened. */
const MOVES: Readonly<Record<TaskState, readonly TaskState[]>> = {
  assigned: ['fencing', 'closed'],
  fencing: ['fencing', 'restoring', 'quarantined', 'closed'],
  restoring: ['fencing', 'running', 'quarantined', 'closed'],
  running: ['fencing', 'quarantined', 'closed'],
  quarantined: ['closed'],
  closed: [],
};

/** @throws StreamsError FATAL when there is no such move */
export const moveTo = (from: TaskState, to: TaskState): TaskState => {
  if (!MOVES[from].includes(to)) throw new StreamsError('FATAL', `A ${from} task cannot become ${to}`);
  return to;
};
