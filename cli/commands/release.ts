import { Command, InvalidArgumentError, Option } from 'commander';
import { type EnvironmentName, parseEnvironmentName } from '../../config/names';
import { isDigest } from '../../config/release';
import { requireLive } from '../live/alias';
import { type LiveEnvironment, openEnvironment } from '../live/environment';
import { parseDuration } from '../durations';
import type { ReleaseOptions, ReleaseResult } from '../release/release';
import { UserError } from '../../errors';
import { command, green, print, printJson, red, tell } from '../terminal';
import { pushImage } from '../image/push';
import { environmentArgument } from './arguments';

interface Options {
  readonly digest?: string;
  readonly from?: EnvironmentName;
  readonly fromProfile?: string;
  readonly smoke: boolean;
  readonly canary?: number;
  readonly for?: number;
  readonly continue?: true;
  readonly apiChanges?: true;
  readonly lockTimeout: number;
  readonly json?: true;
}

export function releaseCommand(): Command {
  return new Command('release')
    .addArgument(environmentArgument('<environment>'))
    .option(
      '--digest <digest>',
      'the digest of the image (default: that of the source, built if ECR does not have it)',
      parseDigest,
    )
    .addOption(
      new Option('--from <environment>', 'release the image that is live there')
        .argParser(parseEnvironmentName)
        .conflicts('digest'),
    )
    .addOption(fromProfileOption())
    .option(
      '--canary <percent>',
      'give it a share of the requests first, and compare it with the live version',
      parsePercent,
    )
    .option('--for <duration>', 'how long to watch the canary: 90s, 10m (default: 10m)', parseDuration)
    .addOption(
      new Option(
        '--continue',
        'end a canary whose command was killed: compare it, then give it all requests',
      ).conflicts(['digest', 'from', 'canary']),
    )
    .option('--no-smoke', 'do not test it afterwards, and so do not roll it back')
    .option('--api-changes', 'allow the API to lose paths')
    .addOption(lockTimeoutOption())
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  npx kairos release prod --from staging
  npx kairos release prod --from staging --canary 10 --for 15m
Exit codes: 0 it is live, or was already; 1 it is not, and the previous version is live.`,
    )
    .action(async (name: EnvironmentName, options: Options) => {
      const environment = await openEnvironment(name, process.env);
      const shared = {
        smoke: options.smoke,
        apiChanges: options.apiChanges === true,
        lockTimeout: options.lockTimeout,
      };
      const { continueRelease, release } = await import('../release/release');
      const result = options.continue
        ? await continueRelease(environment, { ...shared, seconds: options.for ?? 0 })
        : await release(environment, {
            ...shared,
            digest: await chooseDigest(environment, options),
            canary: canaryOf(options),
          });
      tellRelease(result, options.json === true);
    });
}

/** The credentials for the environment that runs the image. */
export function fromProfileOption(): Option {
  return new Option(
    '--from-profile <profile>',
    'the AWS profile that reads that environment, if it is in another account',
  );
}

/** How long a command waits for the lock of the state. */
export function lockTimeoutOption(): Option {
  return new Option('--lock-timeout <seconds>', 'how long to wait for the lock of the state')
    .argParser(parseSeconds)
    .default(300);
}

/** Prints the result of a release, and sets the exit code if the new version is not live. */
export function tellRelease(result: ReleaseResult, json: boolean): void {
  const { environment, outcome, version, digest, reason, seconds, stateAgrees } = result;
  if (outcome === 'rolled back') process.exitCode = 1;
  if (json) {
    printJson(result);
    return;
  }
  const what = `kairos-${environment}: version ${version} (${digest.slice(0, 19)})`;
  if (outcome === 'unchanged') print(`${what} runs already; nothing was done`);
  else if (outcome === 'released') print(green(`${what} is live after ${seconds} s`));
  else print(red(`kairos-${environment}: not released: ${reason ?? ''}`));
  if (outcome === 'unchanged' || !stateAgrees) return;
  const next =
    outcome === 'released' ? `npx kairos rollback ${environment}` : `npx kairos logs ${environment} --errors`;
  tell(`next: ${command(next)} ${outcome === 'released' ? 'rolls back' : 'says why'}`);
}

async function chooseDigest(
  environment: LiveEnvironment,
  { digest, from, fromProfile: profile }: Options,
): Promise<string> {
  if (from === undefined && profile !== undefined) throw new UserError('--from-profile goes with --from');
  if (digest !== undefined) return digest;
  if (from !== undefined) {
    const { openSource } = await import('../release/promote');
    const source = await openSource({ from, to: environment.name, profile }, environment.shell);
    return (await requireLive(source)).digest;
  }
  const { sourceImage } = await import('../release/source-image');
  return sourceImage(environment, async () => {
    await pushImage(environment.shell);
  });
}

function canaryOf({ canary, for: seconds }: Options): ReleaseOptions['canary'] {
  if (canary === undefined && seconds !== undefined)
    throw new UserError('--for goes with --canary or --continue');
  return canary === undefined ? undefined : { share: canary, seconds: seconds ?? defaultWatch };
}

/** In seconds. */
const defaultWatch = 600;

function parsePercent(text: string): number {
  const percent = Number(text.replace(/\s*%$/, ''));
  if (percent >= 1 && percent <= 99) return percent / 100;
  throw new InvalidArgumentError(`"${text}" is not a share; expected a percentage from 1 to 99.`);
}

/** @throws if a text is not a digest. */
function parseDigest(text: string): string {
  if (isDigest(text)) return text;
  throw new InvalidArgumentError(`"${text}" is not a digest; expected sha256: and 64 hex digits.`);
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 0) return seconds;
  throw new InvalidArgumentError(`"${text}" is not a number of seconds.`);
}
