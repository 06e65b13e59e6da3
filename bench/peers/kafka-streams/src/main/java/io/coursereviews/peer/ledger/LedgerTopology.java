package io.coursereviews.peer.ledger;

import io.coursereviews.peer.Counters;
import io.coursereviews.peer.Options;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.Stores;

/** One processor on a store in memory. Without a cache: hardly a review comes twice within a commit. */
public final class LedgerTopology {
  private LedgerTopology() {}

  public static Topology of(Options options, Counters counters) {
    Serde<byte[]> bytes = Serdes.ByteArray();
    StreamsBuilder builder = new StreamsBuilder();
    builder.addStateStore(
        Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(LedgerProcessor.STORE), bytes, bytes));
    KStream<byte[], byte[]> facts =
        builder.stream(options.text("source"), Consumed.with(bytes, bytes))
            .process(() -> new LedgerProcessor(options, counters), LedgerProcessor.STORE);
    for (String topic : new String[] {LedgerProcessor.VALID, LedgerProcessor.FRAUD})
      facts.to(options.output(topic), Produced.with(bytes, bytes).withName(topic));
    return builder.build();
  }
}
