package io.coursereviews.peer.best;

import io.coursereviews.peer.avro.AvroInput;

/** A record of reviews-valid without its texts and ids; what the log says of it is stamped on by {@link FactStamper}. */
final class CourseFact {
  static final int REVIEW_CHANGED = 1;
  static final int DAY_STARTED = 2;
  /** Half stars of a side that is not there: no review before, or none after. */
  static final int NONE = 0;

  final int kind;
  /** Of day-started only. */
  int day;
  int halfStarsBefore = NONE;
  long createdAtBefore;
  int halfStarsAfter = NONE;
  long createdAtAfter;
  boolean isImported;
  /** UTF-8; null: the fact names none. */
  byte[] courseTitle;

  long offset;
  long appendTimeMs;
  /** The day the partition has reached, and the record that said so. */
  StartedDay reached;

  private CourseFact(int kind) {
    this.kind = kind;
  }

  static CourseFact parse(byte[] value) {
    AvroInput input = new AvroInput(value);
    CourseFact fact = new CourseFact(input.readInt());
    input.readLong(); // causeOffset
    input.readInt(); // causeOrdinal
    if (input.readPresence()) fact.day = input.readInt();
    input.skipOptionalText(); // reviewId
    input.skipOptionalText(); // courseId, which is the key
    input.skipOptionalText(); // userId
    if (input.readPresence()) {
      fact.halfStarsBefore = input.readInt();
      fact.createdAtBefore = input.readLong();
      input.readLong(); // modifiedAt
    }
    if (input.readPresence()) {
      fact.halfStarsAfter = input.readInt();
      fact.createdAtAfter = input.readLong();
      input.readLong(); // modifiedAt
      fact.isImported = input.readBoolean();
      if (input.readPresence()) fact.courseTitle = input.readText();
    }
    return fact;
  }
}
