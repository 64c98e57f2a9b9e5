import { Command } from 'commander';
import { type EnvironmentName, parseEnvironmentName } from '../../config/names';
import { UserError } from '../../errors';
import { openEnvironment } from '../live/environment';
import { fromProfileOption, lockTimeoutOption, tellRelease } from './release';

interface Options {
  readonly fromProfile?: string;
  readonly apiChanges?: true;
  readonly lockTimeout: number;
  readonly json?: true;
}

export function promoteCommand(): Command {
  return new Command('promote')
    .argument('<from>', 'the environment that runs the image', parseEnvironmentName)
    .argument('<to>', 'the environment to release it to', parseEnvironmentName)
    .addOption(fromProfileOption())
    .option('--api-changes', 'allow the API to lose paths')
    .addOption(lockTimeoutOption())
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  npx kairos promote staging prod
  npx kairos promote staging prod --from-profile kairos-staging
Exit codes: 0 it is live, or was already; 1 it may not be promoted, or failed and was rolled back.`,
    )
    .action(async (from: EnvironmentName, to: EnvironmentName, options: Options) => {
      if (from === to) throw new UserError(`${from} runs it already; name two environments`);
      const { openSource, promotableDigest } = await import('../release/promote');
      const source = await openSource({ from, to, profile: options.fromProfile }, process.env);
      const digest = await promotableDigest(source);
      const { release } = await import('../release/release');
      const result = await release(await openEnvironment(to, process.env), {
        digest,
        smoke: true,
        apiChanges: options.apiChanges === true,
        lockTimeout: options.lockTimeout,
      });
      tellRelease(result, options.json === true);
    });
}
