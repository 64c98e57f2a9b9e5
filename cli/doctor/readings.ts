import { resolveNs } from 'node:dns/promises';
import { type EnvironmentName, foundationOf, stateBucketName } from '../../config/names';
import type { Account, ClientOptions } from '../aws';
import { rememberCalls } from '../aws-calls';
import type { LiveEnvironment } from '../live/environment';
import type { SecretStatus } from '../secrets/store';
import type { BucketLook } from './account';
import type { CertificateLook } from './certificate';
import { codeOf } from '../../errors';

/** The region of CloudFront, its firewall and its certificates. */
const edgeRegion = 'us-east-1';

/** The AWS data for the checks. Each function makes its own call, and loads its client only then. */
export class Readings {
  constructor(private readonly account: Account) {}

  async bucket(bucket: string): Promise<BucketLook> {
    const { GetBucketVersioningCommand, HeadBucketCommand, NotFound, S3Client } =
      await import('@aws-sdk/client-s3');
    const s3 = remembering(new S3Client(this.options));
    const named = { Bucket: bucket, ExpectedBucketOwner: this.account.configuration.accountId };
    try {
      const { BucketRegion } = await s3.send(new HeadBucketCommand(named));
      const { Status } = await s3.send(new GetBucketVersioningCommand(named));
      return { there: true, region: BucketRegion, keepsVersions: Status === 'Enabled' };
    } catch (error) {
      if (error instanceof NotFound) return { there: false };
      throw error;
    }
  }

  async hasFoundationState(): Promise<boolean> {
    const { HeadObjectCommand, NotFound, S3Client } = await import('@aws-sdk/client-s3');
    const s3 = remembering(new S3Client(this.options));
    try {
      const Bucket = stateBucketName(this.account.configuration.accountId, 'shared');
      await s3.send(
        new HeadObjectCommand({ Bucket, Key: `${foundationOf(this.account.separate?.name)}.tfstate` }),
      );
      return true;
    } catch (error) {
      if (error instanceof NotFound) return false;
      throw error;
    }
  }

  async hasRepository(repository: string): Promise<boolean> {
    const { DescribeRepositoriesCommand, ECRClient, RepositoryNotFoundException } =
      await import('@aws-sdk/client-ecr');
    const ecr = remembering(new ECRClient(this.options));
    try {
      await ecr.send(
        new DescribeRepositoriesCommand({
          registryId: this.account.separate?.registryId,
          repositoryNames: [repository],
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof RepositoryNotFoundException) return false;
      throw error;
    }
  }

  /** Whether the account has an identity provider. @param issuer its URL without a scheme. */
  async hasIdentityProvider(issuer: string): Promise<boolean> {
    const { IAMClient, ListOpenIDConnectProvidersCommand } = await import('@aws-sdk/client-iam');
    const iam = remembering(new IAMClient(this.options));
    const { OpenIDConnectProviderList = [] } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
    return OpenIDConnectProviderList.some(({ Arn }) => Arn?.endsWith(`:oidc-provider/${issuer}`));
  }

  /** @returns a role's trust policy as JSON; undefined if there is no such role. */
  async trustOf(role: string): Promise<string | undefined> {
    const { GetRoleCommand, IAMClient, NoSuchEntityException } = await import('@aws-sdk/client-iam');
    const iam = remembering(new IAMClient(this.options));
    try {
      const { Role } = await iam.send(new GetRoleCommand({ RoleName: role }));
      return decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
    } catch (error) {
      if (error instanceof NoSuchEntityException) return undefined;
      throw error;
    }
  }

  async concurrency(): Promise<number> {
    const { GetAccountSettingsCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
    const lambda = remembering(new LambdaClient(this.options));
    const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
    return AccountLimit?.ConcurrentExecutions ?? 0;
  }

  async edgeRegion(): Promise<void> {
    const { CloudWatchLogsClient, DescribeLogGroupsCommand } =
      await import('@aws-sdk/client-cloudwatch-logs');
    const logs = remembering(new CloudWatchLogsClient({ ...this.options, region: edgeRegion }));
    await logs.send(new DescribeLogGroupsCommand({ limit: 1 }));
  }

  async secrets(environment: EnvironmentName): Promise<readonly SecretStatus[]> {
    const { SSMClient } = await import('@aws-sdk/client-ssm');
    const { describeSecrets } = await import('../secrets/store');
    return describeSecrets(remembering(new SSMClient(this.options)), environment);
  }

  async hasImage({ ecr, configuration }: LiveEnvironment, digest: string): Promise<boolean> {
    const { DescribeImagesCommand, ImageNotFoundException, RepositoryNotFoundException } =
      await import('@aws-sdk/client-ecr');
    const { repository } = configuration.image;
    try {
      await ecr.send(
        new DescribeImagesCommand({ repositoryName: repository, imageIds: [{ imageDigest: digest }] }),
      );
      return true;
    } catch (error) {
      if (error instanceof ImageNotFoundException || error instanceof RepositoryNotFoundException)
        return false;
      throw error;
    }
  }

  /** @returns the name servers of a public zone; undefined if there is no zone with this name. */
  async nameServers(zone: string): Promise<readonly string[] | undefined> {
    const { GetHostedZoneCommand, ListHostedZonesByNameCommand, Route53Client } =
      await import('@aws-sdk/client-route-53');
    const route53 = remembering(new Route53Client(this.options));
    const { HostedZones } = await route53.send(new ListHostedZonesByNameCommand({ DNSName: zone }));
    const found = HostedZones?.find(
      ({ Name, Config }) => Name === `${zone}.` && Config?.PrivateZone !== true,
    );
    if (found === undefined) return undefined;
    const { DelegationSet } = await route53.send(new GetHostedZoneCommand({ Id: found.Id }));
    return DelegationSet?.NameServers ?? [];
  }

  /** @returns the newest certificate for a name; undefined if there is none. */
  async certificate(name: string): Promise<CertificateLook | undefined> {
    const { ACMClient, DescribeCertificateCommand, paginateListCertificates } =
      await import('@aws-sdk/client-acm');
    const acm = remembering(new ACMClient({ ...this.options, region: edgeRegion }));
    let newest: { readonly arn?: string; readonly at: number } | undefined;
    for await (const { CertificateSummaryList } of paginateListCertificates({ client: acm }, {})) {
      for (const { DomainName, CertificateArn: arn, CreatedAt } of CertificateSummaryList ?? []) {
        const at = CreatedAt?.getTime() ?? 0;
        if (DomainName === name && at >= (newest?.at ?? 0)) newest = { arn, at };
      }
    }
    if (newest === undefined) return undefined;
    const { Certificate } = await acm.send(new DescribeCertificateCommand({ CertificateArn: newest.arn }));
    return {
      status: Certificate?.Status ?? 'unknown',
      expires: Certificate?.NotAfter,
      reason: Certificate?.FailureReason,
    };
  }

  private get options(): ClientOptions {
    return this.account.clientOptions;
  }
}

/** @returns the name servers of a zone in public DNS; none if the zone is not delegated. */
export async function delegatedTo(zone: string): Promise<readonly string[]> {
  try {
    return await resolveNs(zone);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOTFOUND' || code === 'ENODATA') return [];
    throw error;
  }
}

interface Client {
  readonly middlewareStack: {
    add: (middleware: typeof rememberCalls, options: { readonly step: 'initialize' }) => void;
  };
}

/** Makes a client add the failed call to an error. */
function remembering<C extends Client>(client: C): C {
  client.middlewareStack.add(rememberCalls, { step: 'initialize' });
  return client;
}
