package io.coursereviews.peer.ledger;

import io.coursereviews.peer.Counters;
import io.coursereviews.peer.Options;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Decides what each command does to its review, by the rules of the product's ledger. */
final class LedgerProcessor extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
  static final String STORE = "ledger";
  static final String VALID = "reviews-valid";
  static final String FRAUD = "reviews-fraud";
  private static final int DEFAULT_FRAUD_PERCENT = 5;

  private final Counters counters;
  private final FactWriter writer;
  private final ReviewIds ids = new ReviewIds();
  private final int fraudPercent;
  private KeyValueStore<byte[], byte[]> ledger;

  LedgerProcessor(Options options, Counters counters) {
    this.counters = counters;
    writer = new FactWriter(options.schemaId(VALID), options.schemaId(FRAUD));
    fraudPercent = options.number("fraud-percent", DEFAULT_FRAUD_PERCENT);
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    super.init(context);
    ledger = context.getStateStore(STORE);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    counters.records.increment();
    ReviewCommand command;
    byte[] key;
    try {
      command = new ReviewCommand(record.value());
      key = ids.checked(command);
    } catch (RuntimeException impossible) {
      counters.poison.increment();
      return;
    }
    long offset = context().recordMetadata().orElseThrow().offset();
    byte[] stored = ledger.get(key);
    byte[] before = stored == null ? LedgerEntry.NEVER_SEEN : stored;
    if (LedgerEntry.knows(before, command.submissionId)) return;

    byte[] after = LedgerEntry.remember(before, command.submissionId);
    boolean isHeld = isHeld(command);
    boolean isChanged =
        command.kind == ReviewCommand.SUBMITTED
            ? submit(command, offset, record.timestamp(), before, after, isHeld)
            : withdraw(offset, before, after);
    ledger.put(key, after);
    if (!isChanged) return;
    counters.outputs.increment();
    if (isHeld) context().forward(record.withValue(writer.held(command, offset, before, after)), FRAUD);
    else context().forward(record.withValue(writer.valid(command, offset, before, after)), VALID);
  }

  /** Whether it made a difference. */
  private static boolean submit(
      ReviewCommand command, long offset, long appendTimeMs, byte[] before, byte[] after, boolean isHeld) {
    long writtenAtMs = command.createdAtMs == null ? appendTimeMs : command.createdAtMs;
    boolean isLive = LedgerEntry.isLive(before);
    if (isLive && command.isImported && writtenAtMs < LedgerEntry.modifiedAtMs(before)) return false;
    LedgerEntry.setCause(after, offset);
    if (isLive && LedgerEntry.hasContent(before, command.contentHash)) return false;
    long createdAtMs = isLive ? LedgerEntry.createdAtMs(before) : writtenAtMs;
    LedgerEntry.setLive(after, command, createdAtMs, writtenAtMs, isHeld);
    return true;
  }

  private static boolean withdraw(long offset, byte[] before, byte[] after) {
    LedgerEntry.setCause(after, offset);
    LedgerEntry.setWithdrawn(after);
    return LedgerEntry.isLive(before);
  }

  /** The same for every command of a review: so no review ever changes sides. */
  private boolean isHeld(ReviewCommand command) {
    return Utils.toPositive(Utils.murmur2(command.reviewId)) % 100 < fraudPercent;
  }
}
