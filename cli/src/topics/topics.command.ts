import { topicCatalogue } from '@reviews/contracts';
import { kafkaLogAdmin, StreamsError, type LogAdmin } from '@reviews/streams';
import { Command } from 'commander';
import { CliError } from '../cli-error.js';
import { kafkaConnectionTo } from '../kafka-connection.js';
import { printJson, printLines } from '../output.js';
import { findTarget } from '../target/find-target.js';
import { addressOf } from '../target/target.js';
import { topicReport, type TopicReport } from './topic-report.js';
import { topicsTable } from './topics-table.js';

/** Who reads what; a service's group has its name. */
const READERS: Readonly<Record<string, readonly string[]>> = {
  reviews: ['fraud-detector'],
  'reviews-valid': ['aggregator', 'stats-sink'],
  'reviews-fraud': ['stats-sink'],
  'long-term-stats': ['stats-sink'],
  'recent-stats': ['stats-sink'],
  'aggregator-progress': ['stats-sink'],
  'fraud-detector-progress': ['stats-sink'],
};

/** `reviews topics`: how long the topics are and how far their readers. */
export const topicsCommand = (): Command =>
  new Command('topics')
    .description('Show the end offsets of every topic and how far the services are behind.')
    .option('--json', 'print them as JSON')
    .action(showTopics);

const showTopics = async (options: { readonly json?: true }): Promise<void> => {
  const target = await findTarget();
  const admin = kafkaLogAdmin(kafkaConnectionTo(addressOf(target, 'kafkaBrokers')));
  try {
    const reports: TopicReport[] = [];
    for (const { name } of topicCatalogue(target.topicPrefix))
      reports.push(await reportOf(admin, name, target.topicPrefix));
    if (options.json === true) printJson(reports);
    else printLines(topicsTable(reports));
  } catch (cause) {
    throw cause instanceof StreamsError ? new CliError(cause.message, { cause }) : cause;
  } finally {
    await admin.close();
  }
};

const reportOf = async (admin: LogAdmin, topic: string, topicPrefix: string): Promise<TopicReport> => {
  const services = READERS[topic.slice(topicPrefix.length)] ?? [];
  const readers = await Promise.all(
    services.map(async (service) => ({
      service,
      committed: await admin.groupOffsets(topicPrefix + service, topic),
    })),
  );
  return topicReport({ topic, partitions: await admin.offsetsOf(topic), readers });
};
