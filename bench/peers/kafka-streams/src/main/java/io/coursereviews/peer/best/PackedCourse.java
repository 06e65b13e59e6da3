package io.coursereviews.peer.best;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A course's state is one array of bytes that the store keeps as it is, read and changed in place: no objects, nothing to decode
 * or encode. Behind the fixed fields come the title and the {@link DayBuckets}.
 */
final class PackedCourse {
  static final byte[] NEVER_SEEN = {};
  static final long NONE = Long.MIN_VALUE;
  static final long NO_VERSION = -1;

  /** Bytes of each count in the buckets. */
  static final int WIDTH = 0;
  static final int ALL_TIME_VERSION = 5;
  static final int ALL_TIME_UPDATED = 13;
  static final int ALL_TIME_LAST = 21;
  static final int RECENT_VERSION = 29;
  static final int RECENT_UPDATED = 37;
  static final int TITLE = 91;
  private static final int DAY = 1;
  private static final int RECENT_DAY = 45;
  private static final int ALL_TIME_COUNTS = 49;
  private static final int TITLE_LENGTH = 89;

  private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private PackedCourse() {}

  static byte[] empty(int day) {
    byte[] course = new byte[TITLE];
    course[WIDTH] = 1;
    setInt(course, DAY, day);
    setInt(course, RECENT_DAY, day);
    setLong(course, ALL_TIME_VERSION, NO_VERSION);
    setLong(course, RECENT_VERSION, NO_VERSION);
    setLong(course, ALL_TIME_LAST, NONE);
    return course;
  }

  static long longAt(byte[] course, int field) {
    return (long) LONG.get(course, field);
  }

  static void setLong(byte[] course, int field, long value) {
    LONG.set(course, field, value);
  }

  static int intAt(byte[] course, int field) {
    return (int) INT.get(course, field);
  }

  static void setInt(byte[] course, int field, int value) {
    INT.set(course, field, value);
  }

  /** The day it was rolled to. */
  static int day(byte[] course) {
    return intAt(course, DAY);
  }

  static void setDay(byte[] course, int day) {
    setInt(course, DAY, day);
  }

  static int recentDay(byte[] course) {
    return intAt(course, RECENT_DAY);
  }

  static void setRecentDay(byte[] course, int day) {
    setInt(course, RECENT_DAY, day);
  }

  static int allTimeCount(byte[] course, int halfStars) {
    return intAt(course, ALL_TIME_COUNTS + 4 * (halfStars - 1));
  }

  static void addAllTime(byte[] course, int halfStars, int change) {
    int count = allTimeCount(course, halfStars) + change;
    if (count < 0) throw new IllegalStateException("A review is taken away that was never counted");
    setInt(course, ALL_TIME_COUNTS + 4 * (halfStars - 1), count);
  }

  static int titleLength(byte[] course) {
    return (course[TITLE_LENGTH] & 0xff) << 8 | course[TITLE_LENGTH + 1] & 0xff;
  }

  static byte[] withTitle(byte[] course, byte[] title) {
    int buckets = DayBuckets.first(course);
    byte[] titled = new byte[TITLE + title.length + course.length - buckets];
    System.arraycopy(course, 0, titled, 0, TITLE);
    titled[TITLE_LENGTH] = (byte) (title.length >>> 8);
    titled[TITLE_LENGTH + 1] = (byte) title.length;
    System.arraycopy(title, 0, titled, TITLE, title.length);
    System.arraycopy(course, buckets, titled, TITLE + title.length, course.length - buckets);
    return titled;
  }
}
