package io.coursereviews.peer.best;

import java.util.Arrays;

/**
 * The end of a packed course: for each day that still matters the day, the time of its latest review, and ten counts of one, two
 * or four bytes each, as many as the course's largest count needs. In ascending order of days; a bucket is named by where it begins.
 */
final class DayBuckets {
  private static final int COUNTS = 10;
  private static final int HEADER = 8;

  private DayBuckets() {}

  static int first(byte[] course) {
    return PackedCourse.TITLE + PackedCourse.titleLength(course);
  }

  static int size(byte[] course) {
    return HEADER + COUNTS * course[PackedCourse.WIDTH];
  }

  static int dayOf(byte[] course, int bucket) {
    return PackedCourse.intAt(course, bucket);
  }

  static long lastOf(byte[] course, int bucket) {
    return (long) PackedCourse.intAt(course, bucket) * StartedDay.DAY_MS + PackedCourse.intAt(course, bucket + 4);
  }

  /** Moves the latest review of the bucket's day to a later time of that day. */
  static void raiseLast(byte[] course, int bucket, long createdAtMs) {
    int inDay = (int) Math.floorMod(createdAtMs, (long) StartedDay.DAY_MS);
    if (inDay > PackedCourse.intAt(course, bucket + 4)) PackedCourse.setInt(course, bucket + 4, inDay);
  }

  /** Position of the first bucket whose day is not before this one; the array's end when there is none. */
  static int find(byte[] course, int day) {
    int size = size(course);
    int first = first(course);
    int low = 0;
    int high = (course.length - first) / size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (PackedCourse.intAt(course, first + middle * size) < day) low = middle + 1;
      else high = middle;
    }
    return first + low * size;
  }

  static byte[] insert(byte[] course, int position, int day) {
    int size = size(course);
    byte[] grown = new byte[course.length + size];
    System.arraycopy(course, 0, grown, 0, position);
    System.arraycopy(course, position, grown, position + size, course.length - position);
    PackedCourse.setInt(grown, position, day);
    return grown;
  }

  static byte[] dropBefore(byte[] course, int day) {
    int first = first(course);
    int kept = find(course, day);
    if (kept == first) return course;
    byte[] left = Arrays.copyOf(course, first + course.length - kept);
    System.arraycopy(course, kept, left, first, course.length - kept);
    return left;
  }

  static int count(byte[] course, int bucket, int halfStars) {
    int at = bucket + HEADER + course[PackedCourse.WIDTH] * (halfStars - 1);
    return switch (course[PackedCourse.WIDTH]) {
      case 1 -> course[at] & 0xff;
      case 2 -> (course[at] & 0xff) << 8 | course[at + 1] & 0xff;
      default -> PackedCourse.intAt(course, at);
    };
  }

  /** The same state, or a wider copy of it in which the count has room. */
  static byte[] add(byte[] course, int bucket, int halfStars, int change) {
    int count = count(course, bucket, halfStars) + change;
    if (count < 0) throw new IllegalStateException("A review is taken away from a day it was not counted on");
    int width = course[PackedCourse.WIDTH];
    if (width < 4 && count >= 1 << 8 * width) {
      int number = (bucket - first(course)) / size(course);
      byte[] wider = widen(course);
      return add(wider, first(wider) + number * size(wider), halfStars, change);
    }
    setCount(course, bucket, halfStars, count);
    return course;
  }

  private static void setCount(byte[] course, int bucket, int halfStars, int count) {
    int width = course[PackedCourse.WIDTH];
    int at = bucket + HEADER + width * (halfStars - 1);
    for (int i = 0; i < width; i++) course[at + i] = (byte) (count >>> 8 * (width - 1 - i));
  }

  private static byte[] widen(byte[] course) {
    int first = first(course);
    int size = size(course);
    int buckets = (course.length - first) / size;
    byte width = (byte) (2 * course[PackedCourse.WIDTH]);
    byte[] wider = Arrays.copyOf(course, first + buckets * (HEADER + COUNTS * width));
    wider[PackedCourse.WIDTH] = width;
    for (int i = 0; i < buckets; i++) {
      int from = first + i * size;
      int to = first + i * size(wider);
      System.arraycopy(course, from, wider, to, HEADER);
      for (int halfStars = 1; halfStars <= COUNTS; halfStars++)
        setCount(wider, to, halfStars, count(course, from, halfStars));
    }
    return wider;
  }
}
