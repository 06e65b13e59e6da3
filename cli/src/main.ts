import { CommanderError } from 'commander';
import { CliError } from './cli-error.js';
import { createProgram } from './create-program.js';
import { endWithReader, printNote } from './output.js';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

endWithReader();
try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  // Commander has said what is wrong with the command line; asking for help is not wrong.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (error instanceof CliError) {
    printNote(error.message);
    return error.exitCode;
  }
  printNote(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT_FAILED;
}
