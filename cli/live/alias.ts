import type { AliasConfiguration } from '@aws-sdk/client-lambda';
import { UserError } from '../../errors';
import { tell } from '../terminal';
import { afterConflicts } from './conflict';
import type { LiveEnvironment } from './environment';

/** What an environment's callers reach. */
export interface Live {
  /** The alias's main version. */
  readonly version: string;
  /** The digest of its image. */
  readonly digest: string;
  /** The additional versions that get a share of the requests, 0 to 1 each. */
  readonly weights: Readonly<Record<string, number>>;
  /**
   * The revision of the alias when it was read. A change with this revision fails if somebody else has changed the
   * alias since.
   */
  readonly revision: string;
}

/** @returns what is live; undefined if the environment was never deployed. */
export async function readLive(environment: LiveEnvironment): Promise<Live | undefined> {
  const { GetAliasCommand, ResourceNotFoundException } = await import('@aws-sdk/client-lambda');
  const { lambda, names } = environment;
  try {
    const alias = await lambda.send(new GetAliasCommand({ FunctionName: names.function, Name: names.alias }));
    return await liveOf(environment, alias);
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** @returns what is live. @throws UserError if the environment was never deployed. */
export async function requireLive(environment: LiveEnvironment): Promise<Live> {
  const live = await readLive(environment);
  if (live === undefined) {
    const { stack } = environment.names;
    throw new UserError(
      `${stack} has no function yet; release an image: npx kairos release ${environment.name}`,
    );
  }
  return live;
}

/** @returns the digest of a version's image. @throws UserError if there is no such version. */
export async function digestOfVersion({ lambda, names }: LiveEnvironment, version: string): Promise<string> {
  const { GetFunctionCommand, ResourceNotFoundException } = await import('@aws-sdk/client-lambda');
  try {
    const { Code } = await lambda.send(
      new GetFunctionCommand({ FunctionName: names.function, Qualifier: version }),
    );
    return (Code?.ImageUri ?? Code?.ResolvedImageUri ?? '').split('@')[1] ?? 'unknown';
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    throw new UserError(
      `${names.function} has no version ${version}; the versions: npx kairos rollback --list`,
    );
  }
}

/**
 * Points the alias to one version only. The next request already reaches it.
 * @param from what was live when the change was decided.
 * @throws UserError if somebody else has moved it since.
 */
export async function moveAlias(environment: LiveEnvironment, from: Live, version: string): Promise<Live> {
  const { PreconditionFailedException, UpdateAliasCommand } = await import('@aws-sdk/client-lambda');
  const { lambda, names } = environment;
  const update = new UpdateAliasCommand({
    FunctionName: names.function,
    Name: names.alias,
    FunctionVersion: version,
    RoutingConfig: { AdditionalVersionWeights: {} },
    RevisionId: from.revision,
  });
  try {
    const alias = await afterConflicts(
      () => lambda.send(update),
      (seconds) => {
        tell(`waits for an update of ${names.function} that is in progress: since ${seconds} s`);
      },
    );
    return await liveOf(environment, alias);
  } catch (error) {
    if (!(error instanceof PreconditionFailedException)) throw error;
    throw new UserError(
      `somebody else has moved the alias of ${names.function} meanwhile, so it was not changed; see: npx kairos status ${environment.name}`,
    );
  }
}

async function liveOf(environment: LiveEnvironment, alias: AliasConfiguration): Promise<Live> {
  const version = alias.FunctionVersion ?? '';
  return {
    version,
    digest: await digestOfVersion(environment, version),
    weights: alias.RoutingConfig?.AdditionalVersionWeights ?? {},
    revision: alias.RevisionId ?? '',
  };
}
