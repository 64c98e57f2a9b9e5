import { Command } from 'commander';
import { stopCloud } from '../../local/cloud';
import { LocalHome } from '../../local/home';
import { print, printJson } from '../../terminal';

export function downCommand(): Command {
  return new Command('down')
    .option('--json', 'print whether one was ended as JSON')
    .addHelpText(
      'after',
      '\nExample: npx kairos local down\nExit codes: 0 none runs any more; 1 it could not be ended.',
    )
    .action(async ({ json }: { readonly json?: true }) => {
      const stopped = await stopCloud(new LocalHome(process.env));
      if (json) printJson({ stopped });
      else print(stopped ? 'the local cloud is down' : 'no local cloud runs here');
    });
}
