import {
  BatchGetImageCommand,
  ECRClient,
  GetDownloadUrlForLayerCommand,
  paginateDescribeRepositories,
  paginateListImages,
} from '@aws-sdk/client-ecr';
import { z } from 'zod';
import type { CloudRecord } from '../../cli/local/home';
import { UserError } from '../../errors';
import { type HuntedAccount, rootOf } from './accounts';
import { download } from './download';
import type { Artefact } from './secret-hunt';

const blob = z.object({ digest: z.string() });
/** An index has neither; ECR lists the images in it too. */
const manifestSchema = z.object({ config: blob.optional(), layers: z.array(blob).default([]) });

/** @returns the manifest, the configuration and the layers of every image in an account's registry, each once. */
export async function* imageBlobs(record: CloudRecord, account: HuntedAccount): AsyncGenerator<Artefact> {
  const client = new ECRClient(rootOf(record, account));
  for await (const { repositories = [] } of paginateDescribeRepositories({ client }, {})) {
    for (const { repositoryName = '' } of repositories) {
      for await (const { imageIds = [] } of paginateListImages({ client }, { repositoryName })) {
        for (const { imageDigest = '' } of imageIds) {
          const manifest = await manifestOf(client, repositoryName, imageDigest);
          yield { name: `manifest ${imageDigest} in ECR`, read: () => [Buffer.from(manifest)] };
          const { config, layers } = manifestSchema.parse(JSON.parse(manifest));
          for (const { digest } of config === undefined ? layers : [config, ...layers])
            yield { name: `blob ${digest} in ECR`, read: () => contentOf(client, repositoryName, digest) };
        }
      }
    }
  }
}

async function manifestOf(client: ECRClient, repositoryName: string, imageDigest: string): Promise<string> {
  const { images } = await client.send(
    new BatchGetImageCommand({ repositoryName, imageIds: [{ imageDigest }] }),
  );
  const manifest = images?.[0]?.imageManifest;
  if (manifest === undefined) throw new UserError(`ECR lists ${imageDigest}, and does not return it`);
  return manifest;
}

async function* contentOf(
  client: ECRClient,
  repositoryName: string,
  layerDigest: string,
): AsyncGenerator<Uint8Array> {
  const { downloadUrl } = await client.send(
    new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest }),
  );
  yield* download(downloadUrl);
}
