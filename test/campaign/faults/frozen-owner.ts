import { eventually } from '../../support/eventually.js';
import type { Fate } from '../../support/kafka-proxy.js';
import { isCommit, isSendAfterOutputs } from '../client-faults.js';
import { anOwner } from '../fleet.js';
import type { ServiceProcess } from '../service-process.js';
import { later, PATIENCE_MS, untilDone } from '../waiting.js';
import type { World } from '../world.js';

/** An owner stands still with its commit on the way, until another has everything; then the commit arrives, then it wakes up. */
export const freeze = async ({ fleet, faults, random, done }: World): Promise<void> => {
  await eventually(async () => {
    await fleet.running();
    if (fleet.alive().some((process) => process.tasks().length === 0)) throw new Error('Not yet shared');
  }, PATIENCE_MS);
  const isLateCommit = done.takeOvers % 2 === 0;
  const matches = isLateCommit ? isCommit : isSendAfterOutputs;
  let release = (): void => undefined;
  const isTakenOver = new Promise<void>((resolve) => {
    release = resolve;
  });
  let victim = await anOwner(fleet, random);
  await untilDone(async () => {
    victim = await anOwner(fleet, random);
    return faults.atNext(
      (moment) => moment.clientId === victim.clientId && matches(moment),
      async (): Promise<Fate> => {
        victim.signal('SIGSTOP');
        if (isLateCommit) await isTakenOver;
        return 'pass';
      },
    );
  });
  const seen = noticed(victim);
  try {
    await fleet.running(() => fleet.alive().filter((process) => process !== victim));
    done.takeOvers += 1;
    if (isLateCommit) done.lateCommits += 1;
  } finally {
    release();
    // Time for the commit to arrive before its sender can do anything else.
    await later(200);
    victim.signal('SIGCONT');
  }
  await eventually(() => {
    if (victim.isAlive() && noticed(victim) === seen)
      throw new Error('The old owner goes on as if nothing had happened');
    return Promise.resolve();
  }, PATIENCE_MS);
  done.zombiesStopped += 1;
  await fleet.running();
};

/** Failures and assignments it has told of: what an owner must meet that is none any more. */
const noticed = (process: ServiceProcess): number =>
  process.count('aborted') + process.count('info: assigned');
