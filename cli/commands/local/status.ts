import { Command } from 'commander';
import { localAddresses } from '../../local/addresses';
import { runningCloud } from '../../local/cloud';
import { endpointOf } from '../../local/server';
import { LocalHome } from '../../local/home';
import { command, print, printJson, tell } from '../../terminal';

interface Options {
  readonly json?: true;
}

export function statusCommand(): Command {
  return new Command('status')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExample: npx kairos local status\nExit codes: 0 it runs; 1 it does not.')
    .action(async ({ json }: Options) => {
      const home = new LocalHome(process.env);
      const record = await runningCloud(home);
      if (record === undefined) {
        if (json) printJson({ running: false });
        else print('no local cloud runs here');
        tell(`next: ${command('npm run local')}`);
        process.exitCode = 1;
        return;
      }
      const addresses = await localAddresses(record);
      if (json) {
        const endpoint = endpointOf(record);
        printJson({ running: true, ...record, endpoint, addresses: Object.fromEntries(addresses) });
        return;
      }
      print(`the local cloud answers at ${endpointOf(record)} (process ${record.pid}), log: ${home.log}`);
      for (const [domain, address] of addresses) print(`  ${address}  plays ${domain}`);
    });
}
