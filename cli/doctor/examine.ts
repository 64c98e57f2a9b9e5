import { defaultAccountConcurrency } from '../../config/concurrency-rules';
import { neighboursOf, sharingEnvironments } from '../../config/account';
import {
  type EnvironmentName,
  foundationOf,
  namesOf,
  secretNames,
  stateBucketName,
  stateOwnersOf,
} from '../../config/names';
import { readConfiguration } from '../../config/read';
import { type Account, openAccount } from '../aws';
import { environmentOf } from '../live/environment';
import { readState } from '../live/state';
import type { Shell } from '../process';
import {
  bucketsCheck,
  credentialsCheck,
  edgeRegionCheck,
  foundationCheck,
  quotaCheck,
  regionCheck,
} from './account';
import { certificateCheck } from './certificate';
import { type Check, type CheckResult, result } from './check';
import { localClockCheck } from './clock';
import { gitHubChecks, identityChecks } from './delivery';
import { localDockerCheck } from './docker';
import { zoneCheck } from './domain';
import { imageCheck, secretsCheck } from './environment';
import { delegatedTo, Readings } from './readings';
import { toolChecks } from './tools';

/** The checks of one part: the machine, the account, GitHub, or an environment. */
export interface Examined {
  readonly group: string;
  /** In the order of the output. All of them are running already. */
  readonly results: readonly Promise<CheckResult>[];
}

/**
 * Checks the machine, the account, GitHub, and environments in the account, and changes nothing.
 * @param name the environment. @default - all environments in the account of the table
 * Without credentials, one line replaces the checks of the account.
 */
export async function* examine(shell: Shell, name?: EnvironmentName): AsyncGenerator<Examined> {
  const configuration = readConfiguration(shell);
  const opening = openAccount(shell, name);
  const credentials = result(credentialsCheck(() => opening));
  const machine = [
    ...toolChecks(shell),
    localDockerCheck(shell),
    localClockCheck(configuration.region, shell),
  ];
  yield examined('machine', machine);
  const { github } = configuration;
  const inGitHub = github && examined('GitHub', gitHubChecks(github, configuration, shell));
  if ((await credentials).state !== 'ok') {
    yield { group: 'account', results: [credentials] };
    if (inGitHub) yield inGitHub;
    return;
  }
  const account = await opening;
  const readings = new Readings(account);
  const inAccount = accountChecks(account, readings, shell);
  yield {
    group: 'account',
    results: [credentials, ...inAccount.map((check) => result(check))],
  };
  if (inGitHub) yield inGitHub;
  for (const each of name === undefined ? sharingEnvironments(configuration) : [name]) {
    yield examined(namesOf(each).stack, environmentChecks(account, readings, each, shell));
  }
}

function examined(group: string, checks: readonly Check[]): Examined {
  return { group, results: checks.map((check) => result(check)) };
}

function accountChecks(
  { configuration, separate }: Account,
  readings: Readings,
  shell: Shell,
): readonly Check[] {
  const { accountId, region, accountConcurrency, image } = configuration;
  return [
    regionCheck(region, shell.AWS_REGION ?? shell.AWS_DEFAULT_REGION),
    bucketsCheck({
      buckets: stateOwnersOf(neighboursOf(configuration, separate?.name)).map((owner) =>
        stateBucketName(accountId, owner),
      ),
      region,
      bootstrap: `npx kairos bootstrap${separate === undefined ? '' : ` ${separate.name}`}`,
      look: (bucket) => readings.bucket(bucket),
    }),
    foundationCheck({
      stack: foundationOf(separate?.name),
      repository: image.repository,
      hasState: () => readings.hasFoundationState(),
      hasRepository: () => readings.hasRepository(image.repository),
    }),
    quotaCheck({
      expected: accountConcurrency ?? defaultAccountConcurrency,
      member:
        separate === undefined ? 'accountConcurrency' : `environments.${separate.name}.account.concurrency`,
      read: () => readings.concurrency(),
    }),
    edgeRegionCheck(() => readings.edgeRegion()),
    ...(configuration.github === false
      ? []
      : identityChecks(configuration.github, { configuration, separate }, readings)),
  ];
}

function environmentChecks(
  account: Account,
  readings: Readings,
  name: EnvironmentName,
  shell: Shell,
): readonly Check[] {
  const { edge } = account.configuration.environments[name];
  const { domain, apiKeys } = edge === false ? {} : edge;
  const opened = environmentOf(account, name, shell);
  return [
    secretsCheck({
      environment: name,
      foundation: foundationOf(account.separate?.name),
      wanted: [...secretNames, ...(apiKeys?.names ?? [])],
      describe: () => readings.secrets(name),
    }),
    imageCheck({
      environment: name,
      applied: async () => (await readState(await opened))?.outputs.image_digest,
      has: async (digest) => readings.hasImage(await opened, digest),
    }),
    zoneCheck({ zone: domain?.zone, nameServers: (zone) => readings.nameServers(zone), delegatedTo }),
    certificateCheck({
      name: domain?.name,
      stack: namesOf(name).stack,
      read: (certified) => readings.certificate(certified),
      now: () => new Date(),
    }),
  ];
}
