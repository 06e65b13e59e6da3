import { Command } from 'commander';
import { demoCommand } from './demo/demo.command.js';
import { importCommand } from './import/import.command.js';
import { setupCommand } from './setup/setup.command.js';
import { statsCommand } from './statistics/stats.command.js';
import { topicsCommand } from './topics/topics.command.js';

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
  for (const command of [setupCommand(), importCommand(), demoCommand(), statsCommand(), topicsCommand()])
    program.addCommand(command.copyInheritedSettings(program));
  return program;
};
