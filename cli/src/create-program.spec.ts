import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { createProgram } from './create-program.js';

const quiet = (command: Command): Command => {
  command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  command.commands.forEach(quiet);
  return command;
};
/** Commands that do something themselves. */
const runnable = (command: Command): readonly Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(runnable);
const run = (...args: readonly string[]): Promise<Command> =>
  quiet(createProgram()).parseAsync(args, { from: 'user' });

describe('the reviews command', () => {
  it('has a --help and a --json in each of its commands', () => {
    for (const command of runnable(createProgram())) {
      expect(command.helpInformation()).toContain('--json');
      expect(command.helpInformation()).toContain('--help');
    }
  });

  it.each([
    ['an unknown command', ['publish']],
    ['a missing argument', ['stats']],
    ['an unknown option', ['topics', '--fast']],
    ['a rate that is no number', ['demo', '--rate', 'fast']],
    ['no courses', ['demo', '--courses', '0']],
    ['a letter id that is none', ['dead-letters', 'show', '17']],
    ['a service that has no letters', ['dead-letters', 'list', '--service', 'stats-sink']],
    ['an unknown format', ['import', 'reviews.txt', '--format', 'xml']],
  ])('refuses %s as wrong usage', async (_, args) => {
    await expect(run(...args)).rejects.toMatchObject({
      exitCode: 1,
      code: expect.stringMatching(/^commander\./) as unknown,
    });
  });
});
