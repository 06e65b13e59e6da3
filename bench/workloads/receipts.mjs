/** The offset of the last fact that changed each statistic: what its `version` must be. */

const WINDOW_DAYS = 90;

/** @param day the only day of the log */
export const receiptsOf = (courses, day) => {
  const allTime = new Int32Array(courses).fill(-1);
  const recent = new Int32Array(courses).fill(-1);
  return {
    allTime,
    recent,
    note({ course, before, after }, offset, reviewDay) {
      // The same stars on the same day count the same.
      if (before === after) return;
      if (recent[course] === -1 || (reviewDay > day - WINDOW_DAYS && reviewDay <= day))
        recent[course] = offset;
      allTime[course] = offset;
    },
  };
};
