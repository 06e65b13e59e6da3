/** The seeded attacks of a split: the same names give the same rows. */
import { accountFarm } from './families/account-farm.mjs';
import { copyPaste } from './families/copy-paste.mjs';
import { demotion, promotion } from './families/one-sided-wave.mjs';
import { slowDrip } from './families/slow-drip.mjs';
import { randomNamed, oneOf, someOf } from './random.mjs';
import { SPLITS } from './splits.mjs';
import { asTarget, isRatedAt, PLACEMENTS, SIZE_NAMES, sizeOf, startOf, targetsOf } from './targets.mjs';

const FAMILIES = {
  promotion,
  demotion,
  'slow-drip': slowDrip,
  'copy-paste': copyPaste,
  'account-farm': accountFarm,
};

/**
 * One attack: `{family, id, size, placement, parameters, rows}`.
 *
 * @param courses what {@link coursesOf} made of the honest rows
 * @param perFamily attacks per family; sizes of targets and placements take turns
 */
export const seededAttacks = (courses, splitName, perFamily) =>
  Object.keys(FAMILIES).flatMap((family) =>
    Array.from({ length: perFamily }, (_, index) => seededAttack(courses, splitName, family, index)),
  );

const seededAttack = (courses, splitName, family, index) => {
  const { seed, phrases, families } = SPLITS[splitName];
  const random = randomNamed(`${seed}/${family}/${index}`);
  const targets = targetsOf(courses, splitName);
  const size = SIZE_NAMES[index % SIZE_NAMES.length];
  const placement = PLACEMENTS[Math.floor(index / SIZE_NAMES.length) % PLACEMENTS.length];
  const ofSize = targets.filter((course) => sizeOf(course) === size);
  const first = oneOf(random, ofSize.length > 0 ? ofSize : targets);
  const startMs = startOf(random, first, placement);
  const parameters = { startMs, ...FAMILIES[family].draw(random, families[family]) };
  const alsoRated = targets.filter((course) => course !== first && isRatedAt(course, startMs));
  const chosen = [first, ...someOf(random, alsoRated, (parameters.courses ?? 1) - 1)];
  const asTargets = chosen.map((course) => asTarget(random, course, courses, phrases));
  const rows = FAMILIES[family].rowsOf(random, parameters, asTargets);
  return { family, id: String(index), size: sizeOf(first), placement, parameters, rows };
};
