import { Command } from 'commander';
import { type EnvironmentName, parseEnvironmentName } from '../../../config/names';
import { openEnvironment } from '../../live/environment';
import { print } from '../../terminal';
import { lockTimeoutOption } from '../release';
import { summarizeJob } from './plan';

interface Options {
  readonly lockTimeout: number;
}

export function endCanaryCommand(): Command {
  return new Command('end-canary')
    .description('end a canary that a job has left; does nothing if there is none')
    .argument('<environment>', 'the environment', parseEnvironmentName)
    .addOption(lockTimeoutOption())
    .addHelpText(
      'after',
      '\nExample: npx kairos pipeline end-canary prod\nExit codes: 0 there is no canary any more; 1 it could not be ended.',
    )
    .action(async (name: EnvironmentName, { lockTimeout }: Options) => {
      const environment = await openEnvironment(name, process.env);
      const { endCanary } = await import('../../pipeline/end-canary');
      const words = `${environment.names.stack}: ${await endCanary(environment, lockTimeout)}`;
      print(words);
      summarizeJob(words);
    });
}
