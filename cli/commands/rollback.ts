import { Command } from 'commander';
import { type EnvironmentName, parseEnvironmentName } from '../../config/names';
import { requireLive } from '../live/alias';
import { type LiveEnvironment, openEnvironment } from '../live/environment';
import { listVersions, type PublishedVersion } from '../live/versions';
import { command, green, print, printJson, red, table, tell, yellow } from '../terminal';
import { policyOption, printPolicy } from './policy-option';
import { lockTimeoutOption } from './release';

interface Options {
  readonly to?: string;
  readonly list?: true;
  readonly aliasOnly?: true;
  readonly lockTimeout: number;
  readonly policy?: true;
  readonly json?: true;
}

export function rollbackCommand(): Command {
  return new Command('rollback')
    .argument('<environment>', 'dev, staging or prod', parseEnvironmentName)
    .option(
      '--to <version|digest>',
      'which (default: the previous image; in a canary, the version that was live)',
    )
    .option('--list', 'list the last ten versions, and change nothing')
    .option('--alias-only', 'do not change the state; the next plan will show the difference')
    .addOption(lockTimeoutOption())
    .option(...policyOption)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Example: npx kairos rollback prod --to 41
Exit codes: 0 it is live and answers; 1 the rollback failed, it does not answer, or the state does not match.`,
    )
    .action(async (name: EnvironmentName, options: Options) => {
      if (options.policy) {
        printPolicy('rollback', name);
        return;
      }
      const environment = await openEnvironment(name, process.env);
      if (options.list) await list(environment, options.json === true);
      else await goBack(environment, options);
    });
}

async function goBack(environment: LiveEnvironment, options: Options): Promise<void> {
  const { rollback } = await import('../release/rollback');
  const result = await rollback(environment, {
    to: options.to,
    aliasOnly: options.aliasOnly === true,
    lockTimeout: options.lockTimeout,
  });
  const { outcome, version, digest, remark, stateAgrees, answers } = result;
  if (!answers || (!stateAgrees && options.aliasOnly !== true)) process.exitCode = 1;
  if (options.json) {
    printJson(result);
    return;
  }
  const what = `${environment.names.stack}: version ${version} (${digest.slice(0, 19)})`;
  if (outcome === 'unchanged') print(`${what} is live already; nothing was done`);
  else print(green(`${what} is live${stateAgrees ? ', and the state agrees' : ''}`));
  if (remark !== undefined) tell(yellow(remark));
  if (stateAgrees) tell(`next: ${command(`npx kairos status ${environment.name}`)}`);
}

async function list(environment: LiveEnvironment, json: boolean): Promise<void> {
  const versions = await listVersions(environment, await requireLive(environment));
  if (json) {
    printJson(versions);
    return;
  }
  print(await table(['version', 'digest', 'backend', 'commit', 'published', 'live'], versions.map(rowOf)));
}

function rowOf({
  version,
  digest,
  backend,
  commit,
  published,
  imageGone,
  share,
}: PublishedVersion): string[] {
  return [
    version,
    imageGone ? red(`${digest.slice(7, 19)} gone`) : digest.slice(7, 19),
    backend ?? '-',
    commit?.slice(0, 7) ?? '-',
    published.slice(0, 16).replace('T', ' '),
    share === 0 ? '' : green(share === 1 ? 'live' : `${Math.round(share * 100)} %`),
  ];
}
