package io.coursereviews.peer;

import java.io.PrintStream;
import java.util.ConcurrentModificationException;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.streams.KafkaStreams;

/** Tells the driver on stdout, a JSON object a line. */
final class Reports {
  private final PrintStream out;
  private final Counters counters;

  Reports(PrintStream out, Counters counters) {
    this.out = out;
    this.counters = counters;
  }

  synchronized void restored(String store, int partition, long records, long millis) {
    line("restored", "\"store\":\"%s\",\"partition\":%d,\"records\":%d,\"millis\":%d", store, partition, records, millis);
  }

  synchronized void running(long restoredRecords, long restoreMillis) {
    line("running", "\"restoredRecords\":%d,\"restoreMillis\":%d,%s", restoredRecords, restoreMillis, usage());
  }

  synchronized void progress(KafkaStreams streams) {
    Optional<Long> committed = committedOffsets(streams);
    line(
        "progress",
        "\"records\":%d,\"committed\":%s,\"outputs\":%d,\"poison\":%d,%s",
        counters.records.sum(),
        committed.map(String::valueOf).orElse("null"),
        counters.outputs.sum(),
        counters.poison.sum(),
        usage());
  }

  synchronized void failed(Throwable error) {
    String message = String.valueOf(error).replaceAll("[^ -~]", " ").replace("\\", "/").replace('"', '\'');
    line("failed", "\"message\":\"%s\"", message);
  }

  /** Sum over the tasks of what is committed of their source; empty while tasks come and go. */
  private static Optional<Long> committedOffsets(KafkaStreams streams) {
    try {
      return Optional.of(
          streams.metadataForLocalThreads().stream()
              .flatMap(thread -> thread.activeTasks().stream())
              .flatMap(task -> task.committedOffsets().values().stream())
              // A partition of which nothing was ever committed says -1.
              .mapToLong(offset -> Math.max(offset, 0))
              .sum());
    } catch (ConcurrentModificationException | IllegalStateException tasksMoved) {
      return Optional.empty();
    }
  }

  private static String usage() {
    return String.format(
        Locale.ROOT,
        "\"cpuSeconds\":%.3f,\"rssBytes\":%d,\"maxRssBytes\":%d,\"atMs\":%d",
        ProcessUsage.cpuSeconds(),
        ProcessUsage.bytesOf("VmRSS"),
        ProcessUsage.bytesOf("VmHWM"),
        System.currentTimeMillis());
  }

  private void line(String kind, String format, Object... values) {
    out.println("{\"kind\":\"" + kind + "\"," + String.format(Locale.ROOT, format, values) + "}");
    out.flush();
  }
}
