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
import { ImageRepository, type Puller } from '../constructs/foundation/image-repository';
import { SecretParameters } from '../constructs/foundation/secret-parameters';
import { StateBucket } from '../constructs/foundation/state-bucket';
import { KairosStack, type KairosStackProps } from './kairos-stack';

export interface FoundationStackProps extends Omit<KairosStackProps, 'stateOwner'> {
  /** The environments that live in the account. @default - all do */
  readonly environments?: readonly EnvironmentName[];
  /** Functions of other accounts, which run the images of this one. @default - there are none */
  readonly pullers?: readonly Puller[];
  /** The account is one environment's own, and the images lie in another one. @default - they lie here */
  readonly separate?: {
    readonly name: EnvironmentName;
    /** The account of the image repository, 12 digits. */
    readonly registryId: string;
  };
  /** The name of the ECR repository. */
  readonly imageRepository: string;
  /** The API keys of environments, which are secrets of theirs like the application's. @default - none has any */
  readonly apiKeyNames?: Readonly<Partial<Record<EnvironmentName, readonly ApiKeyName[]>>>;
  /** The names that the environments answer to, and the ids of their hosted zones. @default - none has one */
  readonly domains?: Readonly<Partial<Record<EnvironmentName, Pick<DomainConfiguration, 'name' | 'zoneId'>>>>;
  /** The ids of the repository on GitHub that may deploy. @default - none may */
  readonly github?: GitHubConfiguration;
}

/** What exists once per account, and what an environment needs before it can start. */
export class FoundationStack extends KairosStack {
  private readonly environments: readonly EnvironmentName[];

  constructor(scope: Construct, props: FoundationStackProps) {
    const { separate } = props;
    super(scope, foundationOf(separate?.name), {
      ...props,
      stateOwner: 'shared',
    });
    this.environments = separate === undefined ? (props.environments ?? environmentNames) : [separate.name];
    if (separate === undefined) this.createImages(props);
    this.adoptStateBuckets(props.accountId);
    this.createSecrets(props.apiKeyNames ?? {});
    this.createDelivery(props);
  }

  private createImages({ imageRepository, accountId, region, pullers }: FoundationStackProps): void {
    new ImageRepository(this, 'Images', {
      name: imageRepository,
      accountId,
      region,
      functionNamePrefix: 'kairos-',
      pullers,
      keptImages,
    });
  }

  /** `kairos bootstrap` makes the buckets, because the state of this very stack lies in one of them. */
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
    separate,
  }: FoundationStackProps): void {
    const [, owner = '', name = ''] = repository.split('/');
    new Delivery(this, 'Delivery', {
      accountId,
      region,
      imageRepository,
      registryId: separate?.registryId,
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

  /** @returns the environment before, from which an image travels on; nothing when it lives in another account. */
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

/** @returns the names of all environments but one, whatever account they live in: they may share a zone. */
function otherNames(domains: FoundationStackProps['domains'], but: EnvironmentName): readonly string[] {
  return environmentNames.flatMap((name) => (name === but ? [] : (domains?.[name]?.name ?? [])));
}

/** @returns an environment as its pipeline sees it; by name, for its stack comes after this one. */
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

/** @returns where the state of an environment lies, and what is remembered beside it. */
function stateOf(accountId: string, environment: EnvironmentName): StateProps {
  const { stack, smokeRecord, clientRecord } = namesOf(environment);
  return {
    bucket: stateBucketName(accountId, environment),
    keys: [`${stack}.tfstate`],
    records: [smokeRecord, clientRecord],
  };
}
