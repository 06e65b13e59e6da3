import { SchemaRegistryError } from '@reviews/contracts';
import { ReadModelError } from '@reviews/read-model';
import { StreamsError } from '@reviews/streams';
import { CliError } from '../cli-error.js';
import { kafkaErrorText } from '../kafka-error.js';

/** Errors of Kafka, registry and database as one sentence each; everything else is our bug and keeps its trace. */
export const rethrowForPeople = (cause: unknown): never => {
  if (cause instanceof StreamsError) throw new CliError(kafkaErrorText(cause), { cause });
  if (cause instanceof ReadModelError || cause instanceof SchemaRegistryError)
    throw new CliError(cause.message, { cause });
  throw cause;
};
