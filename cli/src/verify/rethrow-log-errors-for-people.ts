import { SchemaRegistryError } from '@reviews/contracts';
import { StreamsError } from '@reviews/streams';
import { CliError } from '../cli-error.js';
import { kafkaErrorText } from '../kafka-error.js';

/** Errors of Kafka and registry as one sentence each, for whoever must not wait until a database client is loaded. */
export const rethrowLogErrorsForPeople = (cause: unknown): never => {
  if (cause instanceof StreamsError) throw new CliError(kafkaErrorText(cause), { cause });
  if (cause instanceof SchemaRegistryError) throw new CliError(cause.message, { cause });
  throw cause;
};
