package io.coursereviews.peer;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;

/** Times how long stores take to come back. Called from several threads. */
final class Restores implements StateRestoreListener {
  private final Reports reports;
  private final Map<TopicPartition, Long> startedMs = new HashMap<>();
  private long records;
  private long firstStartMs = Long.MAX_VALUE;
  private long lastEndMs;

  Restores(Reports reports) {
    this.reports = reports;
  }

  @Override
  public synchronized void onRestoreStart(TopicPartition changelog, String store, long startOffset, long endOffset) {
    long nowMs = System.currentTimeMillis();
    startedMs.put(changelog, nowMs);
    firstStartMs = Math.min(firstStartMs, nowMs);
  }

  @Override
  public void onBatchRestored(TopicPartition changelog, String store, long batchEndOffset, long count) {}

  @Override
  public synchronized void onRestoreEnd(TopicPartition changelog, String store, long restored) {
    lastEndMs = System.currentTimeMillis();
    records += restored;
    reports.restored(store, changelog.partition(), restored, lastEndMs - startedMs.remove(changelog));
  }

  synchronized long records() {
    return records;
  }

  /** From the first start to the last end. */
  synchronized long millis() {
    return Math.max(0, lastEndMs - firstStartMs);
  }
}
