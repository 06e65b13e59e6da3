import type { World } from '../world.js';
import { freeze } from './frozen-owner.js';
import { deleteGroupOffsets, moveGroupOffsets, withoutProcesses } from './group-offsets.js';
import { killAnyTime, killWithOpenTransaction } from './kills.js';
import { secondOwner } from './second-owner.js';
import { unknownCommit } from './unknown-commit.js';

type Fault = readonly [title: string, work: (world: World) => Promise<void>];

/** Everything that is done to the service, once: one round. */
export const FAULTS: readonly Fault[] = [
  ['a commit lost on its way', (world) => unknownCommit(world, 'cut request')],
  ['the answer to a commit lost', (world) => unknownCommit(world, 'cut response')],
  ['killed within a transaction', killWithOpenTransaction],
  ['killed within a transaction, again', killWithOpenTransaction],
  ['killed', killAnyTime],
  ['an owner stands still', freeze],
  ['two owners of everything', secondOwner],
  ['group offsets deleted', (world) => withoutProcesses(world, deleteGroupOffsets)],
  [
    'group offsets moved to the start',
    (world) => withoutProcesses(world, (w) => moveGroupOffsets(w, 'start')),
  ],
  ['group offsets moved to the end', (world) => withoutProcesses(world, (w) => moveGroupOffsets(w, 'end'))],
];
