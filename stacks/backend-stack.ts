import type { Apigatewayv2Api } from '@cdktf/provider-aws/lib/apigatewayv2-api';
import { DataAwsKmsAlias } from '@cdktf/provider-aws/lib/data-aws-kms-alias';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Fn, TerraformOutput, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { registryHost } from '../aws/ecr';
import { policyArn } from '../aws/iam';
import { type EnvironmentNames, healthPath, namesOf, originHeaderName } from '../config/names';
import { BackendRoutes } from '../constructs/api/backend-routes';
import { HttpApi } from '../constructs/api/http-api';
import { Edge } from '../constructs/edge/edge';
import { BackendFunction } from '../constructs/function/backend-function';
import { ExecutionRole } from '../constructs/function/execution-role';
import { ImageReference } from '../constructs/image/image-reference';
import { LogGroup } from '../constructs/log-group';
import { Observability } from '../constructs/observability/observability';
import type { BackendStackProps } from './backend-props';
import { backendVariables } from './backend-variables';
import { KairosStack } from './kairos-stack';
import { LastApplied } from './last-applied';
import { observedBackend } from './observed-backend';
import { openOnPurpose } from './open-origin';
import { StackRelease } from './stack-release';

/** One environment of the backend: function, HTTP API and edge. */
export class BackendStack extends KairosStack {
  private readonly names: EnvironmentNames;
  /** Also without an edge: Terraform needs this provider to destroy an edge that existed before. */
  private readonly globalProvider: AwsProvider;
  /** The key that encrypts the environment's secrets. */
  private readonly key: DataAwsKmsAlias;
  private readonly lastApplied: LastApplied;
  private readonly release: StackRelease;
  private readonly functionLog: LogGroup;

  constructor(
    scope: Construct,
    private readonly props: BackendStackProps,
  ) {
    super(scope, namesOf(props.name).stack, { ...props, stateOwner: props.name });
    this.names = namesOf(props.name);
    this.globalProvider = this.createProvider('aws-us-east-1', 'us-east-1', 'us-east-1');
    this.key = new DataAwsKmsAlias(this, 'Key', { name: this.names.keyAlias });
    this.lastApplied = new LastApplied(this, 'LastApplied', this.state);
    this.release = new StackRelease(props.name, props.release ?? {}, this.lastApplied);
    this.functionLog = new LogGroup(this, 'FunctionLog', {
      name: this.names.functionLogGroup,
      retentionDays: props.environment.logRetention,
    });
    const backend = this.createFunction();
    const { api, stage } = this.createApi();
    const edge = this.createEdge(api);
    this.createObservability(api.id, stage.name, edge);
    const routes = new BackendRoutes(this, 'Routes', {
      api,
      alias: backend.alias,
      timeout: props.environment.gateway.timeout,
      authorizer: edge?.authorizer,
    });
    this.createOutputs({
      url: edge?.url ?? api.apiEndpoint,
      api_endpoint: api.apiEndpoint,
      function_name: backend.function.functionName,
      function_alias: backend.alias.name,
      function_version: backend.function.version,
      // The main version of the alias. During a canary it is not the newest.
      live_version: backend.alias.functionVersion,
      canary_share: this.release.canaryShare,
      released_by: this.release.releasedBy,
      // From the function itself, so that the output says what was applied.
      image_digest: Token.asString(Fn.element(Fn.split('@', backend.function.imageUri), 1)),
      function_log_group: this.names.functionLogGroup,
      api_log_group: this.names.apiLogGroup,
      secrets_path: this.names.secretsPath,
    });
    if (edge === undefined) return;
    this.createRotationOutput(edge);
    if (edge.authorizer !== undefined) return;
    openOnPurpose(routes, this.names.edge);
    this.createOutputs({ edge_origin: 'open' });
  }

  private createFunction(): BackendFunction {
    const { function: backend } = this.props.environment;
    const { imageConfiguration, accountId, region, registryId } = this.props;
    const { digest } = this.release;
    const created = new BackendFunction(this, 'Backend', {
      name: this.names.function,
      description: `released by ${this.release.releasedBy}`,
      alias: this.names.alias,
      canary: backend.provisionedConcurrency === undefined ? this.release.canary() : undefined,
      imageUri: `${registryHost(registryId ?? accountId, region)}/${imageConfiguration.repository}@${digest}`,
      architecture: imageConfiguration.architecture,
      memory: backend.memory,
      timeout: backend.timeout,
      environment: backendVariables(this.props.environment, this.names.secretsPath, digest),
      logGroup: this.functionLog,
      logLevel: backend.logLevel,
      executionRole: this.createExecutionRole(),
      reservedConcurrency: backend.reservedConcurrency,
      provisionedConcurrency: backend.provisionedConcurrency,
    });
    if (this.release.isNew)
      new ImageReference(this, 'Image', {
        repositoryName: imageConfiguration.repository,
        registryId,
        digest,
      });
    else created.function.lifecycle = { precondition: [this.release.needsImage()] };
    if (backend.provisionedConcurrency !== undefined)
      created.alias.lifecycle = {
        precondition: [this.release.needsNoCanary(backend.provisionedConcurrency)],
      };
    return created;
  }

  private createExecutionRole(): ExecutionRole {
    return new ExecutionRole(this, 'ExecutionRole', {
      name: this.names.executionRole,
      accountId: this.props.accountId,
      region: this.props.region,
      boundaryArn: policyArn(this.props.accountId, this.names.boundary),
      logGroupName: this.names.functionLogGroup,
      parameterPath: this.names.secretsPath,
      keyArn: this.key.targetKeyArn,
    });
  }

  private createApi(): HttpApi {
    const { gateway, logRetention } = this.props.environment;
    return new HttpApi(this, 'Api', {
      name: this.names.api,
      logGroupName: this.names.apiLogGroup,
      logRetentionDays: logRetention,
      throttlingRateLimit: gateway.throttlingRateLimit,
      throttlingBurstLimit: gateway.throttlingBurstLimit,
      cors: gateway.cors,
    });
  }

  private createEdge(api: Apigatewayv2Api): Edge | undefined {
    const { edge, logRetention, observability } = this.props.environment;
    if (edge === false) return undefined;
    return new Edge(this, 'Edge', {
      ...edge,
      name: this.names.edge,
      api,
      originHeaderName,
      deployedRotation: this.lastApplied.output('edge_rotation'),
      accessLogGroupName: this.names.edgeLogGroup,
      accountId: this.props.accountId,
      boundaryArn: policyArn(this.props.accountId, this.names.boundary),
      region: this.props.region,
      globalProvider: this.globalProvider,
      apiKeys: edge.apiKeys && {
        prefixes: edge.apiKeys.prefixes,
        parameterNames: edge.apiKeys.names.map((name) => `${this.names.secretsPath}${name}`),
        keyArn: this.key.targetKeyArn,
      },
      healthPath: observability !== false && observability.healthCheck ? healthPath : undefined,
      logRetentionDays: logRetention,
    });
  }

  private createObservability(apiId: string, stage: string, edge: Edge | undefined): void {
    const { props, names, functionLog, globalProvider } = this;
    const observed = observedBackend(props, names, {
      api: { id: apiId, stage },
      functionLog,
      edge,
      globalProvider,
    });
    if (observed !== undefined) new Observability(this, 'Observability', observed);
  }

  /** A rotation is finished only when CloudFront sends the newest secret. Then the next one is safe. */
  private createRotationOutput({ distribution, rotation }: Edge): void {
    const output = new TerraformOutput(this, 'edge_rotation', { value: String(rotation) });
    // cdktf writes an output's `dependsOn` as `${}`, which Terraform does not read in JSON.
    const { terraformResourceType, friendlyUniqueId } = distribution;
    output.addOverride('depends_on', [`${terraformResourceType}.${friendlyUniqueId}`]);
  }

  /** The outputs belong to the stack itself, so that `deploy` and `output` print them in the same format. */
  private createOutputs(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) new TerraformOutput(this, name, { value });
  }
}
