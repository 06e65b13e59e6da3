package io.coursereviews.peer.textbook;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;

/** One statistic of a course, as the product's own record has it. */
final class Statistics {
  private final Schema schema;

  Statistics(Schema schema) {
    this.schema = schema;
  }

  GenericRecord empty() {
    return new GenericRecordBuilder(schema).set("courseId", "").set("version", -1L).set("updatedAt", 0L).build();
  }

  /** Takes the review before out and puts the one after in. */
  GenericRecord count(String courseId, GenericRecord fact, GenericRecord statistics) {
    GenericRecord before = (GenericRecord) fact.get("before");
    GenericRecord after = (GenericRecord) fact.get("after");
    GenericRecord counted = new GenericData.Record((GenericData.Record) statistics, false);
    counted.put("courseId", courseId);
    // An aggregate does not see offsets: the cause stands in for the version.
    counted.put("version", fact.get("causeOffset"));
    if (before != null) add(counted, before, -1);
    if (after != null) {
      add(counted, after, 1);
      counted.put("updatedAt", after.get("modifiedAt"));
      Long last = (Long) counted.get("lastReviewAt");
      long createdAt = (long) after.get("createdAt");
      if (last == null || createdAt > last) counted.put("lastReviewAt", createdAt);
      boolean isImported = (boolean) after.get("imported");
      Object title = after.get("courseTitle");
      if (title != null && (isImported || counted.get("courseTitle") == null)) counted.put("courseTitle", title);
    }
    return counted;
  }

  private static void add(GenericRecord statistics, GenericRecord review, long change) {
    String field = "halfStars" + review.get("halfStars");
    statistics.put(field, (long) statistics.get(field) + change);
  }
}
