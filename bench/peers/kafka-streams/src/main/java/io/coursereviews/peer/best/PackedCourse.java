package io.coursereviews.peer.best;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A course's state is one array of bytes that the store keeps as it is, read and changed in place: no objects, nothing to decode
 * or encode. Behind the fixed fields come the title and the buckets: day, latest review of that day, ten counts of one, two or
 * four bytes each. Buckets are in ascending order of their days.
 */
final class PackedCourse {
  static final byte[] NEVER_SEEN = {};
  static final long NONE = Long.MIN_VALUE;
  static final long NO_VERSION = -1;

  static final int ALL_TIME_VERSION = 5;
  static final int ALL_TIME_UPDATED = 13;
  static final int ALL_TIME_LAST = 21;
  static final int RECENT_VERSION = 29;
  static final int RECENT_UPDATED = 37;
  private static final int WIDTH = 0;
  private static final int DAY = 1;
  private static final int RECENT_DAY = 45;
  private static final int ALL_TIME_COUNTS = 49;
  private static final int TITLE_LENGTH = 89;
  static final int TITLE = 91;

  private static final int COUNTS = 10;
  private static final int BUCKET_COUNTS = 8;
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

  private static int intAt(byte[] course, int field) {
    return (int) INT.get(course, field);
  }

  private static void setInt(byte[] course, int field, int value) {
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
    int buckets = firstBucket(course);
    byte[] titled = new byte[TITLE + title.length + course.length - buckets];
    System.arraycopy(course, 0, titled, 0, TITLE);
    titled[TITLE_LENGTH] = (byte) (title.length >>> 8);
    titled[TITLE_LENGTH + 1] = (byte) title.length;
    System.arraycopy(title, 0, titled, TITLE, title.length);
    System.arraycopy(course, buckets, titled, TITLE + title.length, course.length - buckets);
    return titled;
  }

  static int firstBucket(byte[] course) {
    return TITLE + titleLength(course);
  }

  static int bucketSize(byte[] course) {
    return BUCKET_COUNTS + COUNTS * course[WIDTH];
  }

  static int dayOfBucket(byte[] course, int bucket) {
    return intAt(course, bucket);
  }

  static long lastOfBucket(byte[] course, int bucket) {
    return (long) intAt(course, bucket) * StartedDay.DAY_MS + intAt(course, bucket + 4);
  }

  /** Moves the latest review of the bucket's day to a later time of that day. */
  static void raiseLast(byte[] course, int bucket, long createdAtMs) {
    int inDay = (int) Math.floorMod(createdAtMs, (long) StartedDay.DAY_MS);
    if (inDay > intAt(course, bucket + 4)) setInt(course, bucket + 4, inDay);
  }

  /** Position of the first bucket whose day is not before this one; the array's end when there is none. */
  static int findBucket(byte[] course, int day) {
    int size = bucketSize(course);
    int first = firstBucket(course);
    int low = 0;
    int high = (course.length - first) / size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (intAt(course, first + middle * size) < day) low = middle + 1;
      else high = middle;
    }
    return first + low * size;
  }

  static byte[] insertBucket(byte[] course, int position, int day) {
    int size = bucketSize(course);
    byte[] grown = new byte[course.length + size];
    System.arraycopy(course, 0, grown, 0, position);
    System.arraycopy(course, position, grown, position + size, course.length - position);
    setInt(grown, position, day);
    return grown;
  }

  static byte[] dropBucketsBefore(byte[] course, int day) {
    int first = firstBucket(course);
    int kept = findBucket(course, day);
    if (kept == first) return course;
    byte[] left = Arrays.copyOf(course, first + course.length - kept);
    System.arraycopy(course, kept, left, first, course.length - kept);
    return left;
  }

  static int countInBucket(byte[] course, int bucket, int halfStars) {
    int at = bucket + BUCKET_COUNTS + course[WIDTH] * (halfStars - 1);
    return switch (course[WIDTH]) {
      case 1 -> course[at] & 0xff;
      case 2 -> (course[at] & 0xff) << 8 | course[at + 1] & 0xff;
      default -> intAt(course, at);
    };
  }

  /** The same state, or a wider copy of it in which the count has room. */
  static byte[] addInBucket(byte[] course, int bucket, int halfStars, int change) {
    int count = countInBucket(course, bucket, halfStars) + change;
    if (count < 0) throw new IllegalStateException("A review is taken away from a day it was not counted on");
    int width = course[WIDTH];
    if (width < 4 && count >= 1 << 8 * width) {
      int number = (bucket - firstBucket(course)) / bucketSize(course);
      byte[] wider = widen(course);
      return addInBucket(wider, firstBucket(wider) + number * bucketSize(wider), halfStars, change);
    }
    setCount(course, bucket, halfStars, count);
    return course;
  }

  private static void setCount(byte[] course, int bucket, int halfStars, int count) {
    int width = course[WIDTH];
    int at = bucket + BUCKET_COUNTS + width * (halfStars - 1);
    for (int i = 0; i < width; i++) course[at + i] = (byte) (count >>> 8 * (width - 1 - i));
  }

  private static byte[] widen(byte[] course) {
    int first = firstBucket(course);
    int size = bucketSize(course);
    int buckets = (course.length - first) / size;
    byte width = (byte) (2 * course[WIDTH]);
    byte[] wider = Arrays.copyOf(course, first + buckets * (BUCKET_COUNTS + COUNTS * width));
    wider[WIDTH] = width;
    for (int i = 0; i < buckets; i++) {
      int from = first + i * size;
      int to = first + i * bucketSize(wider);
      System.arraycopy(course, from, wider, to, BUCKET_COUNTS);
      for (int halfStars = 1; halfStars <= COUNTS; halfStars++)
        setCount(wider, to, halfStars, countInBucket(course, from, halfStars));
    }
    return wider;
  }
}
