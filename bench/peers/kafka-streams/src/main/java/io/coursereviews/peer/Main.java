package io.coursereviews.peer;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/** Runs one form until SIGTERM, the death of its driver, or an error. */
public final class Main {
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(9);
  /** Streams looks for a broker for ever; a restore on a busy machine takes its time. */
  private static final Duration START_PATIENCE = Duration.ofMinutes(3);
  private static final long REPORT_EVERY_MS = 100;
  private static final int FAILED = 1;
  private static final int NOT_CLOSED = 3;

  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    Options options = Options.parse(args);
    Form form = Form.of(options.text("form"));
    Counters counters = new Counters();
    Reports reports = new Reports(System.out, counters);
    Restores restores = new Restores(reports);
    KafkaStreams streams =
        new KafkaStreams(form.topology(options, counters), StreamsSettings.of(form, options));
    CountDownLatch failed = new CountDownLatch(1);
    AtomicBoolean isRunning = new AtomicBoolean();

    streams.setGlobalStateRestoreListener(restores);
    streams.setUncaughtExceptionHandler(
        error -> {
          error.printStackTrace();
          reports.failed(error);
          failed.countDown();
          return StreamThreadExceptionResponse.SHUTDOWN_APPLICATION;
        });
    streams.setStateListener(
        (state, before) -> {
          if (state == KafkaStreams.State.RUNNING) {
            isRunning.set(true);
            reports.running(restores.records(), restores.millis());
          }
          if (state == KafkaStreams.State.ERROR) failed.countDown();
        });
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(streams, reports)));
    streams.start();

    long driver = parentPid();
    Instant deadline = Instant.now().plus(START_PATIENCE);
    while (!failed.await(REPORT_EVERY_MS, TimeUnit.MILLISECONDS)) {
      reports.progress(streams);
      // Nobody is left to stop us.
      if (parentPid() != driver) break;
      if (!isRunning.get() && Instant.now().isAfter(deadline)) {
        reports.failed(new TimeoutException("Not running after " + START_PATIENCE));
        break;
      }
    }
    Runtime.getRuntime().halt(FAILED);
  }

  /** Ends the process itself: else it would end with the signal's number instead of 0. */
  private static void close(KafkaStreams streams, Reports reports) {
    boolean isClosed = streams.close(CLOSE_PATIENCE);
    reports.progress(streams);
    Runtime.getRuntime().halt(isClosed ? 0 : NOT_CLOSED);
  }

  private static long parentPid() {
    return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
  }
}
