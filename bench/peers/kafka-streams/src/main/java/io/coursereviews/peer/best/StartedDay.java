package io.coursereviews.peer.best;

/** A UTC day, counted from 1970-01-01, that a partition has reached, and the record that said so. */
record StartedDay(int day, long offset, long appendTimeMs) {
  static final int DAY_MS = 86_400_000;
  private static final int WINDOW_DAYS = 90;

  static int dayOf(long timeMs) {
    return (int) Math.floorDiv(timeMs, (long) DAY_MS);
  }

  /** First day of the recent window that ends on a day. */
  static int firstDayOfWindow(int lastDay) {
    return lastDay - WINDOW_DAYS + 1;
  }
}
