import { REDRIVABLE_SERVICES, STREAM_SERVICES } from '@reviews/contracts';
import { Command, Option } from 'commander';
import { parseInteger } from '../parse-option.js';
import { collectLetterIds, parseLetterId } from './letter-id.js';
import { listLetters } from './list-letters.js';
import { redriveNamedOrAll } from './redrive-letters.js';
import { showLetter } from './show-letter.js';

const DEFAULT_LIMIT = 100;

/** `reviews dead-letters`: records that a service could not read. */
export const deadLettersCommand = (): Command =>
  new Command('dead-letters')
    .description('Look at records that a service could not read, and send them again.')
    .addHelpText('after', '\nEach of them takes --service and --json, and has a --help of its own.')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(redriveCommand());

const listCommand = (): Command =>
  new Command('list')
    .description('List dead letters, and how many there are by reason.')
    .addOption(serviceOption())
    .option('--partition <n>', 'of this partition only', parseInteger(0))
    .option('--limit <n>', 'show the newest n', parseInteger(1), DEFAULT_LIMIT)
    .option('--json', 'print them as JSON')
    .action(listLetters);

const showCommand = (): Command =>
  new Command('show')
    .description('Show a dead letter with its bytes.')
    .argument('<letter>', 'its id: <partition>/<offset>', parseLetterId)
    .addOption(serviceOption())
    .option('--json', 'print it as JSON')
    .action(showLetter);

const redriveCommand = (): Command =>
  new Command('redrive')
    .description('Send dead letters to where they came from again, each exactly once.')
    .argument('[letters...]', 'their ids: <partition>/<offset>', collectLetterIds)
    .option('--all', 'all that were not sent again yet and did not come back')
    .option('--reason <reason>', 'with --all: only those of this reason')
    .option('--returned', 'with --all: also those that came back from an earlier redrive')
    .option('--dry-run', 'say what would be done, and do nothing')
    .addOption(serviceOption())
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Only letters of the ${REDRIVABLE_SERVICES.join(', ')} can be redriven. A redrive that ended halfway is simply repeated: what was
sent is not sent again. A record that still cannot be read comes back as a new letter.`,
    )
    .action(redriveNamedOrAll);

const serviceOption = (): Option =>
  new Option('--service <service>', 'whose letters').choices(STREAM_SERVICES).default(STREAM_SERVICES[0]);
