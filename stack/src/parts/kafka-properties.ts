export interface KafkaListeners {
  readonly nodeId: number;
  readonly port: number;
  readonly controllerPort: number;
  /** id@host:port[,…] of all controllers, the same in every broker of a cluster. */
  readonly voters: string;
}

/** server.properties of a broker that is its own controller. Later keys win, so `overrides` have the last word. */
export function kafkaProperties(
  listeners: KafkaListeners,
  logDir: string,
  overrides: Readonly<Record<string, string>>,
): string {
  const { nodeId, port, controllerPort, voters } = listeners;
  const properties: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': String(nodeId),
    'controller.quorum.voters': voters,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': logDir,
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'offsets.topic.num.partitions': '8',
    'transaction.state.log.num.partitions': '8',
    // Consumers of one machine join within moments of each other; waiting for more only delays the start.
    'group.initial.rebalance.delay.ms': '0',
    'auto.create.topics.enable': 'false',
    'log.cleaner.dedupe.buffer.size': '4194304',
    'num.network.threads': '2',
    'num.io.threads': '4',
    ...overrides,
  };
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

/** Everything to stdout: the launcher writes it to a log file that rotates. */
export function kafkaLogging(level: string): string {
  return [
    'status=WARN',
    'appenders=stdout',
    'appender.stdout.type=Console',
    'appender.stdout.name=stdout',
    'appender.stdout.layout.type=PatternLayout',
    'appender.stdout.layout.pattern=%d{ISO8601} %-5p %m (%c)%n',
    `rootLogger.level=${level}`,
    'rootLogger.appenderRef.stdout.ref=stdout',
    '',
  ].join('\n');
}
