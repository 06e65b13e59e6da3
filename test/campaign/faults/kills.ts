import { isCommit, isSendAfterOutputs, type Moment } from '../client-faults.js';
import { anOwner } from '../fleet.js';
import { later, untilDone } from '../waiting.js';
import type { World } from '../world.js';

/** Kills an owner whose open transaction has outputs in the log, and starts another process. */
export const killWithOpenTransaction = async ({ fleet, faults, random, done }: World): Promise<void> => {
  await fleet.running();
  const [matches, fate] = random.pick([
    [isSendAfterOutputs, 'pass'],
    [({ apiName }: Moment) => apiName === 'TxnOffsetCommit', 'pass'],
    [isCommit, 'cut request'],
  ] as const);
  await untilDone(async () => {
    const victim = await anOwner(fleet, random);
    const isKilled = await faults.atNext(
      (moment) => moment.clientId === victim.clientId && matches(moment),
      () => {
        fleet.expectEnd(victim);
        victim.signal('SIGKILL');
        return fate;
      },
    );
    if (isKilled) await fleet.kill(victim);
    return isKilled;
  });
  done.kills += 1;
  done.openKills += 1;
  fleet.start();
  await fleet.running();
};

/** Kills an owner at any moment, and starts another process. */
export const killAnyTime = async ({ fleet, random, done }: World): Promise<void> => {
  await fleet.running();
  await later(1_000 * random.next());
  const victim = await anOwner(fleet, random);
  await fleet.kill(victim);
  done.kills += 1;
  fleet.start();
  await fleet.running();
};
