import { ECRClient } from '@aws-sdk/client-ecr';
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { configuration } from '../../config/environments';

/** An image that a test pushes into the registry. */
export interface FakeImage {
  readonly tag: string;
  readonly mediaType?: string;
  /** Members of the manifest that are wrong. */
  readonly manifest?: string;
  /** Whether its tag was removed. */
  readonly untagged?: boolean;
  /** The image's configuration, as text. */
  readonly config?: string;
}

const docker = 'application/vnd.docker.distribution.manifest.v2+json';

const callerIdentity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::${configuration.accountId}:user/ann</Arn><UserId>AIDA</UserId><Account>${configuration.accountId}</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

const requestSchema = z.object({
  imageIds: z
    .array(z.object({ imageTag: z.string().optional(), imageDigest: z.string().optional() }))
    .optional(),
});

/** An ECR with the calls of a push and of the checks of an image, and an STS. */
export class FakeRegistry {
  readonly images: FakeImage[] = [];
  /** The image that a login pushes. */
  readonly built: FakeImage[] = [];
  /** The actions that were called. */
  readonly asked: string[] = [];
  /** The action that is never answered. @default - none */
  held: string | undefined;
  private server: Server | undefined;
  private address = '';

  get endpoint(): string {
    return this.address;
  }

  async start(): Promise<ECRClient> {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (request.method === 'GET') {
          response.end(this.images[Number(request.url?.slice(1))]?.config ?? '');
          return;
        }
        // STS sends no header for it, but only one action is called.
        const target = String(request.headers['x-amz-target'] ?? '.GetCallerIdentity').split('.')[1] ?? '';
        this.asked.push(target);
        if (target === this.held) return;
        if (target === 'GetCallerIdentity') {
          response.writeHead(200, { 'content-type': 'text/xml' });
          response.end(callerIdentity);
          return;
        }
        const [status, body] = this.answer(target, Buffer.concat(chunks).toString());
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify(body));
      });
    });
    const { server } = this;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    return new ECRClient({ region: 'eu-west-2', endpoint: this.address, credentials, maxAttempts: 1 });
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  private answer(action: string, body: string): readonly [number, object] {
    if (action === 'GetDownloadUrlForLayer') {
      const { layerDigest } = z.object({ layerDigest: z.string() }).parse(JSON.parse(body));
      return [200, { downloadUrl: `${this.address}/${layerDigest.split(':')[1] ?? ''}` }];
    }
    if (action === 'GetAuthorizationToken') {
      this.images.push(...this.built);
      return [200, { authorizationData: [{ authorizationToken: btoa('AWS:password') }] }];
    }
    const wanted = requestSchema.parse(JSON.parse(body)).imageIds?.[0];
    const index = this.images.findIndex(
      (image) => image.tag === wanted?.imageTag || digestIn(image) === wanted?.imageDigest,
    );
    const image = this.images[index];
    if (image === undefined) {
      return action === 'DescribeImages'
        ? [400, { __type: 'ImageNotFoundException' }]
        : [200, { images: [] }];
    }
    if (action === 'DescribeImages')
      return [
        200,
        {
          imageDetails: [
            { imageDigest: digestIn(image), imageTags: image.untagged === true ? [] : [image.tag] },
          ],
        },
      ];
    const manifest =
      image.manifest ??
      JSON.stringify({ config: { digest: `sha256:${index}` }, layers: [], mediaType: image.mediaType });
    return [
      200,
      { images: [{ imageManifest: manifest, imageManifestMediaType: image.mediaType ?? docker }] },
    ];
  }
}

/** @returns the digest of an image in the registry. */
export function digestIn({ tag }: Pick<FakeImage, 'tag'>): string {
  return `sha256:${createHash('sha256').update(tag).digest('hex')}`;
}
