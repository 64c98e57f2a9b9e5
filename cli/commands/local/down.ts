import { Command } from 'commander';
import { endOthers } from '../../local/alone';
import { stopCloud } from '../../local/cloud';
import { LocalHome } from '../../local/home';
import { print, printJson, tell } from '../../terminal';

export function downCommand(): Command {
  return new Command('down')
    .option('--json', 'print as JSON whether one was stopped')
    .addHelpText(
      'after',
      '\nExample: npx kairos local down\nExit codes: 0 no local cloud runs; 1 it could not be stopped.',
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
