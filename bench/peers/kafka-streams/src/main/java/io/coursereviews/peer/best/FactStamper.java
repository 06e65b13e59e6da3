package io.coursereviews.peer.best;

import io.coursereviews.peer.Counters;
import java.util.Map;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/**
 * Takes note of the day and lets changed reviews through, with their offset, append time and day. What was counted before is
 * not swept when a day starts: a course is rolled when its next fact comes.
 */
final class FactStamper extends ContextualFixedKeyProcessor<byte[], CourseFact, CourseFact> {
  private final Counters counters;
  private final Map<TaskId, TaskProgress> progressOfTasks;
  private TaskProgress progress;
  private StartedDay reached;

  FactStamper(Counters counters, Map<TaskId, TaskProgress> progressOfTasks) {
    this.counters = counters;
    this.progressOfTasks = progressOfTasks;
  }

  @Override
  public void init(FixedKeyProcessorContext<byte[], CourseFact> context) {
    super.init(context);
    progress = new TaskProgress();
    progressOfTasks.put(context.taskId(), progress);
  }

  @Override
  public void process(FixedKeyRecord<byte[], CourseFact> record) {
    counters.records.increment();
    CourseFact fact = record.value();
    long offset = context().recordMetadata().orElseThrow().offset();
    switch (fact.kind) {
      case CourseFact.REVIEW_CHANGED -> {
        progress.take(offset);
        fact.offset = offset;
        fact.appendTimeMs = record.timestamp();
        // After a restart the day's fact lies behind us: the append time knows it, too.
        if (reached == null) reached = new StartedDay(StartedDay.dayOf(record.timestamp()), offset, record.timestamp());
        fact.reached = reached;
        context().forward(record);
      }
      case CourseFact.DAY_STARTED -> reached = new StartedDay(fact.day, offset, record.timestamp());
      default -> {} // progress of the ledger: nothing to count
    }
  }
}
