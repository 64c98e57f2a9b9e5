import { Command } from 'commander';
import { endOthers } from '../../local/alone';
import { stopCloud } from '../../local/cloud';
import { LocalHome } from '../../local/home';
import { print, printJson, tell } from '../../terminal';

export function downCommand(): Command {
  return new Command('down')
    .option('--json', 'print whether one was ended as JSON')
    .addHelpText(
      'after',
      '\nExample: npx kairos local down\nExit codes: 0 none runs any more; 1 it could not be ended.',
    )
    .action(async ({ json }: { readonly json?: true }) => {
      const home = new LocalHome(process.env);
      await endOthers(home, (pid) => {
        tell(`ends kairos local up first (process ${pid})`);
      });
      const stopped = await stopCloud(home);
      if (json) printJson({ stopped });
      else print(stopped ? 'the local cloud is down' : 'no local cloud runs here');
    });
}
