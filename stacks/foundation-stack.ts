import type { Construct } from 'constructs';
import type { DomainConfiguration } from '../config/edge';
import {
  type ApiKeyName,
  type EnvironmentName,
  environmentNames,
  foundationNames,
  foundationStackName,
  foundationOf,
  imageStackName,
  keptImages,
  namesOf,
  secretNames,
  stateBucketName,
  stateOwnersOf,
  unsetPlaceholder,
} from '../config/names';
import type { GitHubConfiguration } from '../config/types';
import { type DeliveredEnvironment, Delivery } from '../constructs/delivery/delivery';
import type { SourceProps, StateProps } from '../constructs/delivery/statements';
import { EnvironmentKey } from '../constructs/foundation/environment-key';
import { ImageReplicas } from '../constructs/foundation/image-replicas';
import { ImageReplication, type Replica } from '../constructs/foundation/image-replication';
import { ImageRepository, type Puller } from '../constructs/foundation/image-repository';
import { SecretParameters } from '../constructs/foundation/secret-parameters';
import { StateBucket } from '../constructs/foundation/state-bucket';
import { KairosStack, type KairosStackProps } from './kairos-stack';

export interface FoundationStackProps extends Omit<KairosStackProps, 'stateOwner'> {
  /** The environments in this account. @default - all */
  readonly environments?: readonly EnvironmentName[];
  /** Functions of other accounts that run images of this account. @default - there are none */
  readonly pullers?: readonly Puller[];
  /** Where else ECR copies each pushed image to. @default - nowhere */
  readonly replicas?: readonly Replica[];
  /** Set if the account belongs to one environment. @default - the account has the images that people push */
  readonly separate?: SeparateFoundation;
  /** The name of the ECR repository. */
  readonly imageRepository: string;
  /** The API keys of environments, which are secrets too. @default - there are none */
  readonly apiKeyNames?: Readonly<Partial<Record<EnvironmentName, readonly ApiKeyName[]>>>;
  /** The domain names of the environments, and the ids of their hosted zones. @default - there are none */
  readonly domains?: Readonly<Partial<Record<EnvironmentName, Pick<DomainConfiguration, 'name' | 'zoneId'>>>>;
  /** The ids of the GitHub repository that may deploy. @default - none may */
  readonly github?: GitHubConfiguration;
}

/** The account of one environment, whose images are in another account, or are copied from there. */
export type SeparateFoundation = { readonly name: EnvironmentName } & (
  | {
      /** The account of the image repository, 12 digits. */
      readonly registryId: string;
      readonly imagesFrom?: undefined;
    }
  | {
      /** The account from which ECR copies images into a repository of this account, 12 digits. */
      readonly imagesFrom: string;
      readonly registryId?: undefined;
    }
);

/** What exists once per account, and what an environment needs before it can be deployed. */
export class FoundationStack extends KairosStack {
  private readonly environments: readonly EnvironmentName[];

  constructor(scope: Construct, props: FoundationStackProps) {
    const { separate } = props;
    super(scope, foundationOf(separate?.name), {
      ...props,
      stateOwner: 'shared',
    });
    this.environments = separate === undefined ? (props.environments ?? environmentNames) : [separate.name];
    if (separate?.registryId === undefined) this.createImages(props);
    this.adoptStateBuckets(props.accountId);
    this.createSecrets(props.apiKeyNames ?? {});
    this.createDelivery(props);
  }

  private createImages({
    imageRepository,
    accountId,
    region,
    pullers,
    replicas = [],
    separate,
  }: FoundationStackProps): void {
    new ImageRepository(this, 'Images', {
      name: imageRepository,
      accountId,
      region,
      functionNamePrefix: 'kairos-',
      pullers,
      keptImages,
    });
    if (replicas.length > 0) new ImageReplication(this, 'ImageReplication', { imageRepository, replicas });
    if (separate?.imagesFrom !== undefined)
      new ImageReplicas(this, 'ImageReplicas', {
        imageRepository,
        accountId,
        region,
        sourceAccountId: separate.imagesFrom,
      });
  }

  /** `kairos bootstrap` creates the buckets, because one of them contains the state of this stack. */
  private adoptStateBuckets(accountId: string): void {
    const imports = stateOwnersOf(this.environments).map((owner) => {
      const name = stateBucketName(accountId, owner);
      const { bucket } = new StateBucket(this, `State-${owner}`, { name });
      return { to: `${bucket.terraformResourceType}.${bucket.friendlyUniqueId}`, id: name };
    });
    this.adopt(imports);
  }

  private createSecrets(apiKeyNames: NonNullable<FoundationStackProps['apiKeyNames']>): void {
    for (const environment of this.environments) {
      const { keyAlias, secretsPath } = namesOf(environment);
      const { alias } = new EnvironmentKey(this, `Key-${environment}`, {
        alias: keyAlias,
        description: `Secrets of the Kairos backend in ${environment}`,
      });
      new SecretParameters(this, `Secrets-${environment}`, {
        path: secretsPath,
        names: [...secretNames, ...(apiKeyNames[environment] ?? [])],
        keyId: alias.name,
        placeholder: unsetPlaceholder,
      });
    }
  }

  private createDelivery({
    accountId,
    region,
    imageRepository,
    repository,
    domains,
    github,
    replicas = [],
    separate,
  }: FoundationStackProps): void {
    const [, owner = '', name = ''] = repository.split('/');
    new Delivery(this, 'Delivery', {
      accountId,
      region,
      imageRepository,
      registryId: separate?.registryId,
      replication: separate?.imagesFrom !== undefined ? 'target' : replicas.length > 0 ? 'source' : undefined,
      environments: this.environments.map((environment) => ({
        ...deliveredEnvironment(accountId, region, environment),
        domainName: domains?.[environment]?.name,
        otherDomainNames: otherNames(domains, environment),
        hostedZoneId: domains?.[environment]?.zoneId,
        promotedFrom: this.promotedFrom(accountId, region, environment),
      })),
      foundation: {
        buckets: stateOwnersOf(this.environments).map((stateOwner) => stateBucketName(accountId, stateOwner)),
        parameterPath: '/kairos/',
        prefix: 'kairos-',
        roles: { plan: foundationNames.planRole, deploy: foundationNames.deployRole },
        state: {
          bucket: stateBucketName(accountId, 'shared'),
          keys: (separate === undefined ? [foundationStackName, imageStackName] : [this.node.id]).map(
            (stack) => `${stack}.tfstate`,
          ),
        },
        environment: 'foundation',
      },
      boundary: foundationNames.boundary,
      github: github && {
        repository: { owner, ownerId: github.ownerId, name, id: github.repositoryId },
        provider: github.provider,
      },
    });
  }

  /** @returns the previous environment, from which an image is promoted; undefined if it is in another account. */
  private promotedFrom(
    accountId: string,
    region: string,
    environment: EnvironmentName,
  ): SourceProps | undefined {
    const before = environmentNames[environmentNames.indexOf(environment) - 1];
    if (before === undefined || !this.environments.includes(before)) return undefined;
    return {
      functionArn: `arn:aws:lambda:${region}:${accountId}:function:${namesOf(before).function}`,
      state: stateOf(accountId, before),
    };
  }
}

/** @returns the domain names of all environments except one, in any account, because they can share a zone. */
function otherNames(domains: FoundationStackProps['domains'], but: EnvironmentName): readonly string[] {
  return environmentNames.flatMap((name) => (name === but ? [] : (domains?.[name]?.name ?? [])));
}

/** @returns an environment as its pipeline uses it. It is by name, because its stack is deployed after this one. */
function deliveredEnvironment(
  accountId: string,
  region: string,
  environment: EnvironmentName,
): DeliveredEnvironment {
  const names = namesOf(environment);
  return {
    environment,
    base: names.stack,
    functionRoles: [names.executionRole, names.authorizerRole],
    logGroups: [
      names.functionLogGroup,
      `${names.functionLogGroup}-*`,
      names.apiLogGroup,
      names.edgeLogGroup,
      `aws-waf-logs-${names.edge}`,
    ],
    keyAlias: names.keyAlias,
    roles: { plan: names.planRole, deploy: names.deployRole },
    boundary: names.boundary,
    secretsPath: names.secretsPath,
    state: stateOf(accountId, environment),
    requestLogs: [names.apiLogGroup, names.functionLogGroup].map(
      (name) => `arn:aws:logs:${region}:${accountId}:log-group:${name}:*`,
    ),
  };
}

/** @returns where the state of an environment is, and the other objects in the bucket. */
function stateOf(accountId: string, environment: EnvironmentName): StateProps {
  const { stack, smokeRecord, clientRecord } = namesOf(environment);
  return {
    bucket: stateBucketName(accountId, environment),
    keys: [`${stack}.tfstate`],
    records: [smokeRecord, clientRecord],
  };
}
