import type { FunctionCodeLocation, LambdaClient } from '@aws-sdk/client-lambda';
import { messageOf } from '../../errors';
import { userErrorOf } from '../faults';

/** A version of a function, and the image that it needs. */
export interface Pin {
  readonly function: string;
  /** A number, or `$LATEST`. Aliases and their weights name versions, so every one of those is here too. */
  readonly version: string;
  /** When it was published. */
  readonly published: Date;
  /** The digest of its image; or why nobody can say which it is. */
  readonly image: { readonly digest: string } | { readonly unreadable: string };
}

/**
 * @returns every version of every function of the account and region that runs an image of the repository, or of
 * which that cannot be told.
 */
export async function pinsOf(lambda: LambdaClient, repository: string): Promise<readonly Pin[]> {
  const { paginateListFunctions, paginateListVersionsByFunction } = await import('@aws-sdk/client-lambda');
  const pins: Pin[] = [];
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
    for (const { FunctionName = '' } of Functions.filter(({ PackageType }) => PackageType === 'Image')) {
      const pages = paginateListVersionsByFunction({ client: lambda }, { FunctionName });
      for await (const { Versions = [] } of pages) {
        for (const { Version = '', LastModified = '' } of Versions) {
          const image = await imageOf(lambda, FunctionName, Version, repository);
          if (image === undefined) continue;
          pins.push({ function: FunctionName, version: Version, published: new Date(LastModified), image });
        }
      }
    }
  }
  return pins;
}

/** @returns nothing when the image is from another repository. */
async function imageOf(
  lambda: LambdaClient,
  name: string,
  version: string,
  repository: string,
): Promise<Pin['image'] | undefined> {
  const { GetFunctionCommand } = await import('@aws-sdk/client-lambda');
  try {
    const { Code } = await lambda.send(new GetFunctionCommand({ FunctionName: name, Qualifier: version }));
    return pinnedBy(Code ?? {}, repository);
  } catch (error) {
    // Kept as the answer: whoever asks must know that this one is not known.
    return { unreadable: messageOf(userErrorOf(error) ?? error) };
  }
}

/** @returns the digest that a version's code names; nothing when it is an image of another repository. */
export function pinnedBy(
  { ImageUri = '', ResolvedImageUri = '' }: FunctionCodeLocation,
  repository: string,
): Pin['image'] | undefined {
  const [uri] = [ResolvedImageUri, ImageUri].filter((each) => /@sha256:[0-9a-f]{64}$/.test(each));
  if (uri === undefined) return { unreadable: `its image is "${ImageUri}", without a digest` };
  const [path = '', digest = ''] = uri.split('@');
  const named = path.slice(path.indexOf('/') + 1).replace(/:[^:/]*$/, '');
  return named === repository ? { digest } : undefined;
}
