package io.coursereviews.peer.best;

import io.coursereviews.peer.Counters;
import io.coursereviews.peer.avro.AvroOutput;
import java.util.Map;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Writes the statistics of a course that changed since it came out last. */
final class StatisticsPublisher extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
  static final String LONG_TERM = "long-term-stats";
  static final String RECENT = "recent-stats";
  private static final int COUNTS = 10;

  private final Counters counters;
  private final Map<TaskId, TaskProgress> progressOfTasks;
  private final int longTermSchemaId;
  private final int recentSchemaId;
  private final AvroOutput output = new AvroOutput();
  private final RecentCounts recent = new RecentCounts();

  StatisticsPublisher(Counters counters, Map<TaskId, TaskProgress> progressOfTasks, int longTermSchemaId, int recentSchemaId) {
    this.counters = counters;
    this.progressOfTasks = progressOfTasks;
    this.longTermSchemaId = longTermSchemaId;
    this.recentSchemaId = recentSchemaId;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    byte[] course = record.value();
    TaskProgress progress = progressOfTasks.get(context().taskId());
    if (progress.isNews(PackedCourse.longAt(course, PackedCourse.ALL_TIME_VERSION)))
      forward(record, longTerm(record.key(), course), LONG_TERM);
    if (progress.isNews(PackedCourse.longAt(course, PackedCourse.RECENT_VERSION)))
      forward(record, recent(record.key(), course), RECENT);
  }

  private void forward(Record<byte[], byte[]> record, byte[] statistics, String sink) {
    counters.outputs.increment();
    context().forward(record.withValue(statistics), sink);
  }

  private byte[] longTerm(byte[] courseId, byte[] course) {
    begin(longTermSchemaId, courseId, course, PackedCourse.ALL_TIME_VERSION, PackedCourse.ALL_TIME_UPDATED);
    writeTime(PackedCourse.longAt(course, PackedCourse.ALL_TIME_LAST));
    output.writePresence(false);
    for (int halfStars = 1; halfStars <= COUNTS; halfStars++)
      output.writeLong(PackedCourse.allTimeCount(course, halfStars));
    return output.end();
  }

  private byte[] recent(byte[] courseId, byte[] course) {
    recent.read(course);
    begin(recentSchemaId, courseId, course, PackedCourse.RECENT_VERSION, PackedCourse.RECENT_UPDATED);
    writeTime(recent.lastReviewAtMs);
    output.writePresence(true);
    output.writeLong(PackedCourse.recentDay(course));
    for (int count : recent.counts) output.writeLong(count);
    return output.end();
  }

  private void begin(int schemaId, byte[] courseId, byte[] course, int version, int updated) {
    output.begin(schemaId);
    output.writeText(courseId);
    output.writeLong(PackedCourse.longAt(course, version));
    output.writeLong(PackedCourse.longAt(course, updated));
    int titleLength = PackedCourse.titleLength(course);
    output.writePresence(titleLength > 0);
    if (titleLength > 0) output.writeText(course, PackedCourse.TITLE, titleLength);
  }

  private void writeTime(long timeMs) {
    output.writePresence(timeMs != PackedCourse.NONE);
    if (timeMs != PackedCourse.NONE) output.writeLong(timeMs);
  }
}
