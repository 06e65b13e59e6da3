package io.coursereviews.peer.best;

import java.util.Arrays;
import org.apache.kafka.streams.kstream.Aggregator;

/** Counts facts. Stateless but for what it lends from the state, which it may change: stores hand out copies. */
final class CourseCounter implements Aggregator<byte[], CourseFact, byte[]> {
  @Override
  public byte[] apply(byte[] key, CourseFact fact, byte[] stored) {
    byte[] course = stored.length == 0 ? PackedCourse.empty(fact.reached.day()) : roll(stored, fact.reached);
    boolean isNewTitle = isNewTitle(course, fact);
    if (isNewTitle) course = PackedCourse.withTitle(course, fact.courseTitle);

    boolean isAllTimeNews = isNewTitle || fact.halfStarsBefore != fact.halfStarsAfter;
    if (fact.halfStarsBefore != CourseFact.NONE) PackedCourse.addAllTime(course, fact.halfStarsBefore, -1);
    if (fact.halfStarsAfter != CourseFact.NONE) {
      PackedCourse.addAllTime(course, fact.halfStarsAfter, 1);
      if (fact.createdAtAfter > PackedCourse.longAt(course, PackedCourse.ALL_TIME_LAST)) {
        PackedCourse.setLong(course, PackedCourse.ALL_TIME_LAST, fact.createdAtAfter);
        isAllTimeNews = true;
      }
    }
    boolean isFirst = PackedCourse.longAt(course, PackedCourse.ALL_TIME_VERSION) == PackedCourse.NO_VERSION;
    if (isAllTimeNews || isFirst) receiveAllTime(course, fact);

    int lastDay = PackedCourse.day(course);
    int firstDay = StartedDay.firstDayOfWindow(lastDay);
    int dayBefore = StartedDay.dayOf(fact.createdAtBefore);
    int dayAfter = StartedDay.dayOf(fact.createdAtAfter);
    boolean wasIn = fact.halfStarsBefore != CourseFact.NONE && firstDay <= dayBefore && dayBefore <= lastDay;
    boolean isIn = fact.halfStarsAfter != CourseFact.NONE && firstDay <= dayAfter && dayAfter <= lastDay;
    boolean isRecentNews =
        isNewTitle || isFirst || wasIn != isIn || (wasIn && fact.halfStarsBefore != fact.halfStarsAfter);
    if (isIn && !isRecentNews) isRecentNews = isLatestInWindow(course, fact.createdAtAfter);

    if (fact.halfStarsBefore != CourseFact.NONE && dayBefore >= firstDay)
      course = removeFromDay(course, dayBefore, fact.halfStarsBefore);
    if (fact.halfStarsAfter != CourseFact.NONE && dayAfter >= firstDay)
      course = addToDay(course, dayAfter, fact.halfStarsAfter, fact.createdAtAfter);
    if (isRecentNews) receiveRecent(course, fact.offset, fact.appendTimeMs);
    return course;
  }

  /** The first title stays; only an import changes it. */
  private static boolean isNewTitle(byte[] course, CourseFact fact) {
    if (fact.courseTitle == null) return false;
    int length = PackedCourse.titleLength(course);
    if (length == 0) return true;
    if (!fact.isImported) return false;
    return !Arrays.equals(
        fact.courseTitle, 0, fact.courseTitle.length, course, PackedCourse.TITLE, PackedCourse.TITLE + length);
  }

  private static boolean isLatestInWindow(byte[] course, long createdAtMs) {
    RecentCounts recent = new RecentCounts();
    recent.read(course);
    return createdAtMs > recent.lastReviewAtMs;
  }

  private static byte[] removeFromDay(byte[] course, int day, int halfStars) {
    int bucket = DayBuckets.find(course, day);
    if (bucket == course.length || DayBuckets.dayOf(course, bucket) != day)
      throw new IllegalStateException("A review is taken away from a day without reviews");
    return DayBuckets.add(course, bucket, halfStars, -1);
  }

  private static byte[] addToDay(byte[] course, int day, int halfStars, long createdAtMs) {
    int bucket = DayBuckets.find(course, day);
    boolean isThere = bucket < course.length && DayBuckets.dayOf(course, bucket) == day;
    byte[] roomy = isThere ? course : DayBuckets.insert(course, bucket, day);
    DayBuckets.raiseLast(roomy, bucket, createdAtMs);
    return DayBuckets.add(roomy, bucket, halfStars, 1);
  }

  private static byte[] roll(byte[] course, StartedDay reached) {
    if (reached.day() <= PackedCourse.day(course)) return course;
    RecentCounts before = new RecentCounts();
    before.read(course);
    PackedCourse.setDay(course, reached.day());
    byte[] rolled = DayBuckets.dropBefore(course, StartedDay.firstDayOfWindow(reached.day()));
    RecentCounts after = new RecentCounts();
    after.read(rolled);
    if (!before.equalTo(after)) receiveRecent(rolled, reached.offset(), reached.appendTimeMs());
    return rolled;
  }

  private static void receiveAllTime(byte[] course, CourseFact fact) {
    PackedCourse.setLong(course, PackedCourse.ALL_TIME_VERSION, fact.offset);
    PackedCourse.setLong(course, PackedCourse.ALL_TIME_UPDATED, fact.appendTimeMs);
  }

  private static void receiveRecent(byte[] course, long offset, long appendTimeMs) {
    PackedCourse.setLong(course, PackedCourse.RECENT_VERSION, offset);
    PackedCourse.setLong(course, PackedCourse.RECENT_UPDATED, appendTimeMs);
    PackedCourse.setRecentDay(course, PackedCourse.day(course));
  }
}
