import { Command } from 'commander';
import { stopCloud } from '../../local/cloud';
import { LocalHome } from '../../local/home';
import { print } from '../../terminal';

export function downCommand(): Command {
  return new Command('down')
    .addHelpText(
      'after',
      '\nExample: npx kairos local down\nExit codes: 0 none runs any more; 1 it could not be ended.',
    )
    .action(async () => {
      const stopped = await stopCloud(new LocalHome(process.env));
      print(stopped ? 'the local cloud is down' : 'no local cloud runs here');
    });
}
