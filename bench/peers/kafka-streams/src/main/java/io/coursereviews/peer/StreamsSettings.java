package io.coursereviews.peer;

import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** Configuration of each form. What is not set here is Kafka's default. */
final class StreamsSettings {
  private static final int KB = 1024;
  private static final int MB = 1024 * KB;
  /** Kafka Streams' own default of 10 s is too short where eight processes share two cores. */
  private static final int TRANSACTION_TIMEOUT_MS = 60_000;

  private StreamsSettings() {}

  static Properties of(Form form, Options options) {
    Properties settings = common(options);
    switch (form) {
      case TEXTBOOK -> {}
      case BEST, LEDGER -> tune(settings, options);
    }
    return settings;
  }

  private static Properties common(Options options) {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, options.text("application-id"));
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, options.text("broker"));
    settings.put(StreamsConfig.STATE_DIR_CONFIG, options.text("state-dir"));
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, options.number("threads", 1));
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, options.number("commit-ms", 100));
    settings.put(consumer(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    settings.put(producer(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), TRANSACTION_TIMEOUT_MS);
    // Changelogs carry event times in the textbook form, and brokers refuse a record dated more than an hour ahead: an
    // imported review may be. How old a record may be has no limit by default.
    settings.put(topic(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG), String.valueOf(Long.MAX_VALUE));
    return settings;
  }

  private static void tune(Properties settings, Options options) {
    long cacheBytes = (long) options.number("cache-mb", 1024) * MB;
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, cacheBytes);
    settings.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.OPTIMIZE);
    settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, options.number("buffered-records", 20_000));
    settings.put(consumer(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), options.number("poll-records", 10_000));
    settings.put(consumer(ConsumerConfig.FETCH_MIN_BYTES_CONFIG), options.number("fetch-min-bytes", 1));
    settings.put(consumer(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 100);
    settings.put(consumer(ConsumerConfig.FETCH_MAX_BYTES_CONFIG), 64 * MB);
    settings.put(consumer(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), 8 * MB);
    settings.put(consumer(ConsumerConfig.RECEIVE_BUFFER_CONFIG), MB);
    settings.put(producer(ProducerConfig.BATCH_SIZE_CONFIG), options.number("batch-kb", 1024) * KB);
    settings.put(producer(ProducerConfig.LINGER_MS_CONFIG), options.number("linger-ms", 100));
    settings.put(producer(ProducerConfig.BUFFER_MEMORY_CONFIG), 256L * MB);
    settings.put(producer(ProducerConfig.COMPRESSION_TYPE_CONFIG), "none");
    settings.put(producer(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), 8 * MB);
    settings.put(producer(ProducerConfig.SEND_BUFFER_CONFIG), MB);
  }

  private static String consumer(String name) {
    return StreamsConfig.consumerPrefix(name);
  }

  private static String producer(String name) {
    return StreamsConfig.producerPrefix(name);
  }

  private static String topic(String name) {
    return StreamsConfig.topicPrefix(name);
  }
}
