import type { Apigatewayv2Api } from '@cdktf/provider-aws/lib/apigatewayv2-api';
import { DataAwsKmsAlias } from '@cdktf/provider-aws/lib/data-aws-kms-alias';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import {
  type EnvironmentName,
  type EnvironmentNames,
  namesOf,
  originHeaderName,
  secretNames,
} from '../config/names';
import { hashOfSettings, settingsOf } from '../config/settings';
import type { Environment, ImageConfiguration, ImageSelection } from '../config/types';
import { BackendFunction } from '../constructs/backend-function';
import { BackendRoutes } from '../constructs/backend-routes';
import { Edge } from '../constructs/edge/edge';
import { ExecutionRole } from '../constructs/execution-role';
import { HttpApi } from '../constructs/http-api';
import { ImageReference } from '../constructs/image-reference';
import { LogGroup } from '../constructs/log-group';
import { SettingsParameters } from '../constructs/settings-parameters';
import { KairosStack, type KairosStackProps } from './kairos-stack';

export interface BackendStackProps extends Omit<KairosStackProps, 'stateOwner'> {
  /** Which environment this is. */
  readonly name: EnvironmentName;
  /** Its row of the table. */
  readonly environment: Environment;
  /** What the image is like, the same in all environments. */
  readonly imageConfiguration: ImageConfiguration;
  /** Which image it runs. */
  readonly image: ImageSelection;
}

/** In seconds: below any sensible time-out of the function, and below what networks keep an idle connection. */
const defaultLifespan = { startLimit: 5, pauseLimit: 240 } as const;

/** One environment of the backend: settings, function, HTTP API and what stands in front of it. */
export class BackendStack extends KairosStack {
  private readonly names: EnvironmentNames;
  /** Also where no edge is: Terraform needs it to destroy one that was there before. */
  private readonly globalProvider: AwsProvider;
  /** The key that encrypts the environment's secrets. */
  private readonly key: DataAwsKmsAlias;

  constructor(
    scope: Construct,
    private readonly props: BackendStackProps,
  ) {
    super(scope, namesOf(props.name).stack, { ...props, stateOwner: props.name });
    this.names = namesOf(props.name);
    this.globalProvider = this.createProvider('aws-us-east-1', 'us-east-1', 'us-east-1');
    this.key = new DataAwsKmsAlias(this, 'Key', { name: this.names.keyAlias });
    const image = new ImageReference(this, 'Image', {
      repositoryName: props.imageConfiguration.repository,
      image: props.image,
    });
    const backend = this.createFunction(image);
    const { api } = this.createApi();
    const edge = this.createEdge(api);
    new BackendRoutes(this, 'Routes', {
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
      image_digest: image.digest,
      function_log_group: this.names.functionLogGroup,
      api_log_group: this.names.apiLogGroup,
      parameter_path: this.names.parameterPath,
    });
  }

  private createFunction(image: ImageReference): BackendFunction {
    const { function: backend, logRetention } = this.props.environment;
    const settings = settingsOf(this.props.environment);
    const { parameters } = new SettingsParameters(this, 'Settings', {
      path: this.names.settingsPath,
      settings,
    });
    const logGroup = new LogGroup(this, 'FunctionLog', {
      name: this.names.functionLogGroup,
      retentionDays: logRetention,
    });
    return new BackendFunction(this, 'Backend', {
      name: this.names.function,
      alias: this.names.alias,
      imageUri: image.uri,
      architecture: this.props.imageConfiguration.architecture,
      memory: backend.memory,
      timeout: backend.timeout,
      environment: this.environmentVariables(image, settings),
      logGroup,
      logLevel: backend.logLevel,
      executionRole: this.createExecutionRole(),
      reservedConcurrency: backend.reservedConcurrency,
      provisionedConcurrency: backend.provisionedConcurrency,
      dependsOn: parameters,
    });
  }

  private createExecutionRole(): ExecutionRole {
    return new ExecutionRole(this, 'ExecutionRole', {
      name: this.names.executionRole,
      accountId: this.props.accountId,
      region: this.props.region,
      logGroupName: this.names.functionLogGroup,
      parameterPath: this.names.parameterPath,
      keyArn: this.key.targetKeyArn,
    });
  }

  /** What images/backend/start_up reads. A revision and a hash are there to publish a version when they change. */
  private environmentVariables(
    image: ImageReference,
    settings: Readonly<Record<string, string>>,
  ): Readonly<Record<string, string>> {
    const { edge, function: backend, secretsRevision } = this.props.environment;
    return {
      KAIROS_PARAMETER_PATH: this.names.parameterPath,
      KAIROS_REQUIRED_PARAMETERS: [...Object.keys(settings), ...secretNames].join(','),
      KAIROS_SETTINGS_HASH: hashOfSettings(settings),
      KAIROS_SECRETS_REVISION: String(secretsRevision),
      KAIROS_HANDLER: backend.handler,
      KAIROS_LIFESPAN: backend.lifespan,
      KAIROS_LIFESPAN_START_LIMIT: String(backend.lifespanStartLimit ?? defaultLifespan.startLimit),
      KAIROS_LIFESPAN_PAUSE_LIMIT: String(backend.lifespanPauseLimit ?? defaultLifespan.pauseLimit),
      KAIROS_IMAGE_DIGEST: image.digest,
      ...(edge && { KAIROS_ORIGIN_HEADER: originHeaderName }),
    };
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
    const { edge, logRetention } = this.props.environment;
    if (edge === false) return undefined;
    return new Edge(this, 'Edge', {
      ...edge,
      name: this.names.edge,
      api,
      originHeaderName,
      accountId: this.props.accountId,
      region: this.props.region,
      globalProvider: this.globalProvider,
      apiKeys: edge.apiKeys && {
        prefixes: edge.apiKeys.prefixes,
        parameterNames: edge.apiKeys.names.map((name) => `${this.names.secretsPath}${name}`),
        keyArn: this.key.targetKeyArn,
      },
      logRetentionDays: logRetention,
    });
  }

  /** Outputs stand on the stack itself, so that `deploy` and `output` write them in the same shape. */
  private createOutputs(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) new TerraformOutput(this, name, { value });
  }
}
