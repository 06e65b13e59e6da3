package io.coursereviews.peer.best;

import java.util.Arrays;

/** The statistic of the window, added up from the buckets when it is needed. Used again and again by one thread. */
final class RecentCounts {
  private static final int COUNTS = 10;

  /** By half stars minus one. */
  final int[] counts = new int[COUNTS];

  long lastReviewAtMs;

  /** Adds up the days from the window's first to its last; days yet to come wait behind them. */
  void read(byte[] course) {
    Arrays.fill(counts, 0);
    lastReviewAtMs = PackedCourse.NONE;
    int lastDay = PackedCourse.day(course);
    int size = DayBuckets.size(course);
    int from = DayBuckets.find(course, StartedDay.firstDayOfWindow(lastDay));
    for (int bucket = from; bucket < course.length; bucket += size) {
      if (DayBuckets.dayOf(course, bucket) > lastDay) break;
      for (int halfStars = 1; halfStars <= COUNTS; halfStars++)
        counts[halfStars - 1] += DayBuckets.count(course, bucket, halfStars);
      lastReviewAtMs = DayBuckets.lastOf(course, bucket);
    }
  }

  boolean equalTo(RecentCounts other) {
    return lastReviewAtMs == other.lastReviewAtMs && Arrays.equals(counts, other.counts);
  }
}
