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
  const { paginateListFunctions } = await import('@aws-sdk/client-lambda');
  const pins: Pin[] = [];
  // https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html: all versions, and not of what they run.
  const everyVersion = paginateListFunctions({ client: lambda }, { FunctionVersion: 'ALL' });
  for await (const { Functions = [] } of everyVersion) {
    const images = Functions.filter(({ PackageType }) => PackageType === 'Image');
    for (const { FunctionName = '', Version = '', LastModified = '' } of images) {
      const published = new Date(LastModified);
      const image = await imageOf(lambda, FunctionName, Version, repository);
      if (image !== undefined) pins.push({ function: FunctionName, version: Version, published, image });
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
