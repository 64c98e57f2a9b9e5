import type { FunctionCodeLocation, LambdaClient } from '@aws-sdk/client-lambda';
import { messageOf } from '../../errors';
import { userErrorOf } from '../faults';

/** A version of a function, and the image that it uses. */
export interface Pin {
  readonly function: string;
  /**
   * A number, or `$LATEST`. Aliases and their weights refer to versions, so each of those versions is in the list too.
   */
  readonly version: string;
  /** When it was published. */
  readonly published: Date;
  /** The digest of its image; or why it is unknown. */
  readonly image: { readonly digest: string } | { readonly unreadable: string };
}

/**
 * @returns every version of every function in the account and region that uses an image of the repository, or whose
 * image is unknown.
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

/** @returns undefined if the image is from another repository. */
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
    // The error is part of the result, because the caller must know that this image is unknown.
    return { unreadable: messageOf(userErrorOf(error) ?? error) };
  }
}

/** @returns the digest of a version's image; undefined if the image is from another repository. */
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
