import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { Construct } from 'constructs';
import { environmentActions, foundationActionsOf, type Replication } from '../../aws/actions';
import { githubIssuer, policyArn, replicationRoleArn } from '../../aws/iam';
import { ownNamespace } from '../../aws/own-metrics';
import { Boundary, functionBoundary, pipelineBoundary } from './boundary';
import { IdentityProvider, type IdentityProviderProps } from './identity-provider';
import { type GitHubRepository, PipelineRole } from './pipeline-role';
import { type EnvironmentScopesProps, environmentScopes } from './environment-scopes';
import { foundationScopes, type FoundationScopesProps } from './foundation-scopes';
import {
  boundaryStatements,
  harmlessStatements,
  promotionStatements,
  releaseMarkStatements,
  statusStatements,
  requiredBoundary,
  type SourceProps,
  type StateProps,
  stateStatements,
  tableStatements,
} from './statements';

/** The names of the two roles of a stack: one may read it, the other may change it. */
export interface RoleNames {
  readonly plan: string;
  readonly deploy: string;
}

/** An environment, as its pipeline uses it. */
export interface DeliveredEnvironment extends Omit<
  EnvironmentScopesProps,
  'accountId' | 'region' | 'repository' | 'registryId'
> {
  readonly roles: RoleNames;
  /** The name of the permissions boundary of the environment's own roles. */
  readonly boundary: string;
  readonly state: StateProps;
  /** The ARNs of the log groups that show which requests failed. A canary is judged by them. */
  readonly requestLogs: readonly string[];
  /** The environment whose image is promoted to it. @default - none: it is the first, which gets every image */
  readonly promotedFrom?: SourceProps;
  /** The path of its secrets, with a slash at both ends. */
  readonly secretsPath: string;
}

export interface DeliveryProps {
  /** The account, 12 digits. */
  readonly accountId: string;
  /** The region of everything except CloudFront. */
  readonly region: string;
  /** The name of the image repository. */
  readonly imageRepository: string;
  /** The account of the image repository, 12 digits. @default - this account, whose foundation creates it */
  readonly registryId?: string;
  /** Whether ECR copies images from here, or to here. @default none */
  readonly replication?: Replication;
  readonly environments: readonly DeliveredEnvironment[];
  /** The foundation and the image; their states are in the same bucket. */
  readonly foundation: Pick<FoundationScopesProps, 'buckets' | 'parameterPath' | 'prefix'> & {
    readonly roles: RoleNames;
    readonly state: StateProps;
    /** The GitHub environment whose jobs deploy it. */
    readonly environment: string;
  };
  /** The name of the permissions boundary of the pipelines' roles. */
  readonly boundary: string;
  /** Which repository may deploy from GitHub. @default - none */
  readonly github?: {
    readonly repository: GitHubRepository;
    readonly provider: IdentityProviderProps['origin'];
  };
}

/** The subject that a pull request plans with, and the branch whose scheduled job checks for drift. */
const planContexts = ['pull_request', 'ref:refs/heads/main'];

/**
 * The roles of the pipelines: GitHub as an identity provider, and a plan role and a deploy role for each environment.
 */
export class Delivery extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: DeliveryProps,
  ) {
    super(scope, id);
    for (const environment of props.environments) this.createFunctionBoundary(environment);
    const { github } = props;
    if (github === undefined) return;
    const { arn } = new IdentityProvider(this, 'GitHub', { origin: github.provider });
    new Boundary(this, 'Boundary', {
      name: props.boundary,
      description: 'What no pipeline can do, whatever its role says',
      statements: pipelineBoundary(
        props.accountId,
        props.foundation.prefix,
        props.replication === 'source' ? [replicationRoleArn(props.accountId)] : [],
      ),
    });
    const make = (what: string, name: string, contexts: readonly string[], statements: Statements) => {
      new PipelineRole(this, what, {
        name,
        description: what.replace('-', ' '),
        providerArn: arn,
        repository: github.repository,
        contexts,
        statements,
        boundaryArn: policyArn(props.accountId, props.boundary),
      });
    };
    for (const environment of props.environments) {
      const { environment: name, roles } = environment;
      make(`Plan-${name}`, roles.plan, planContexts, this.environmentPlan(environment));
      make(`Deploy-${name}`, roles.deploy, [`environment:${name}`], this.environmentDeploy(environment));
    }
    const { foundation } = props;
    make('Plan-foundation', foundation.roles.plan, planContexts, this.foundationPlan());
    make(
      'Deploy-foundation',
      foundation.roles.deploy,
      [`environment:${foundation.environment}`],
      this.foundationDeploy(),
    );
  }

  private createFunctionBoundary({ environment, boundary, base, secretsPath }: DeliveredEnvironment): void {
    const { accountId, region } = this.props;
    new Boundary(this, `FunctionBoundary-${environment}`, {
      name: boundary,
      description: `What no function of ${environment} can do, whatever its role says`,
      statements: functionBoundary({
        accountId,
        region,
        parameterPath: secretsPath,
        logGroupPrefix: `/aws/lambda/${base}`,
      }),
    });
  }

  private environmentPlan(environment: DeliveredEnvironment): Statements {
    return [
      ...stateStatements(environment.state, false),
      ...tableStatements(environmentActions, this.scopesOf(environment), false),
      ...harmlessStatements(),
    ];
  }

  private environmentDeploy(environment: DeliveredEnvironment): Statements {
    return [
      ...stateStatements(environment.state, true),
      ...tableStatements(environmentActions, this.scopesOf(environment), true),
      ...statusStatements(environment.requestLogs),
      ...releaseMarkStatements(ownNamespace(environment.base)),
      ...(environment.promotedFrom === undefined ? [] : promotionStatements(environment.promotedFrom)),
      ...boundaryStatements(policyArn(this.props.accountId, environment.boundary)),
    ];
  }

  /** It reads everything except the secrets. Of those it may only read names, types and keys. */
  private foundationPlan(): Statements {
    return [
      ...stateStatements(this.props.foundation.state, false),
      ...this.foundationTable(false),
      ...harmlessStatements(),
    ];
  }

  private foundationDeploy(): Statements {
    const { accountId, foundation, boundary } = this.props;
    return [
      ...stateStatements(foundation.state, true),
      ...this.foundationTable(true),
      // It protects only its own boundary. The foundation creates the pipelines' roles, so its role must be able to
      // write the boundaries.
      requiredBoundary(policyArn(accountId, boundary)),
    ];
  }

  private foundationTable(withWrites: boolean): Statements {
    const { accountId, region, imageRepository, registryId, replication, foundation } = this.props;
    const scopes = foundationScopes({
      ...foundation,
      accountId,
      region,
      repository: imageRepository,
      issuer: githubIssuer,
    });
    const table = foundationActionsOf(registryId === undefined, replication ?? 'none');
    return tableStatements(table, scopes, withWrites);
  }

  private scopesOf(environment: DeliveredEnvironment) {
    const { accountId, region, imageRepository, registryId } = this.props;
    return environmentScopes({
      ...environment,
      accountId,
      region,
      repository: imageRepository,
      registryId,
    });
  }
}

type Statements = readonly DataAwsIamPolicyDocumentStatement[];
