import type { CrossCheck } from '@reviews/read-model';

/** What came out of checking courses until each was quiet once, or patience was over. */
export interface CheckedCourses {
  readonly agreeing: number;
  /** Never quiet while somebody looked. */
  readonly neverQuiet: number;
  readonly disagreeing: CrossCheck['disagreeing'];
}

/**
 * Checks courses, and those again that were busy or did not agree, after the tables moved on: what is wrong stays wrong,
 * what was read at a bad moment does not. All of them again while there are more than have names.
 *
 * @param moveOn brings the tables further, before every check but the first
 */
export const checkCourses = async (
  check: (courses?: readonly string[]) => Promise<CrossCheck>,
  moveOn: () => Promise<void>,
  rounds: number,
): Promise<CheckedCourses> => {
  let found = await check();
  let { agreeing } = found;
  for (let round = 1; round < rounds && unsettled(found).length > 0; round++) {
    await moveOn();
    const isEveryCourseNamed = found.unnamed === 0;
    found = await check(isEveryCourseNamed ? unsettled(found) : undefined);
    agreeing = isEveryCourseNamed ? agreeing + found.agreeing : found.agreeing;
  }
  return { agreeing, neverQuiet: found.busy.length + found.unnamed, disagreeing: found.disagreeing };
};

const unsettled = ({ busy, disagreeing }: CrossCheck): readonly string[] => [
  ...busy,
  ...disagreeing.map(({ courseId }) => courseId),
];
