import { Command } from 'commander';
import { deadLettersCommand } from './dead-letters/dead-letters.command.js';
import { demoCommand } from './demo/demo.command.js';
import { explainCommand } from './explain/explain.command.js';
import { importCommand } from './import/import.command.js';
import { rebuildReadModelCommand } from './rebuild-read-model/rebuild-read-model.command.js';
import { setupCommand } from './setup/setup.command.js';
import { statsCommand } from './statistics/stats.command.js';
import { topicsCommand } from './topics/topics.command.js';
import { verifyCommand } from './verify/verify.command.js';

const AFTER_HELP = `
A command finds its stack by --url, by the environment (REVIEWS_URL, KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL,
TOPIC_PREFIX), or takes the one that runs in this checkout.

Exit codes: 0 done, 1 failed, 2 wrong usage.`;

/** The `reviews` command, not yet run. */
export const createProgram = (): Command => {
  const program = new Command('reviews')
    .description('Everything about course reviews that is not done over HTTP by hand.')
    .exitOverride()
    .showHelpAfterError('(add --help to see how it is used)')
    .addHelpText('after', AFTER_HELP);
  const commands = [
    setupCommand(),
    importCommand(),
    demoCommand(),
    statsCommand(),
    topicsCommand(),
    deadLettersCommand(),
    verifyCommand(),
    explainCommand(),
    rebuildReadModelCommand(),
  ];
  for (const command of commands) program.addCommand(inheriting(command, program));
  return program;
};

// Commander hands settings on to commands it makes itself only.
const inheriting = (command: Command, parent: Command): Command => {
  command.copyInheritedSettings(parent);
  for (const inner of command.commands) inheriting(inner, command);
  return command;
};
