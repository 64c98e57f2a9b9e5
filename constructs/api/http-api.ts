import { Apigatewayv2Api } from '@cdktf/provider-aws/lib/apigatewayv2-api';
import { Apigatewayv2Stage } from '@cdktf/provider-aws/lib/apigatewayv2-stage';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { LogGroup } from '../log-group';

/** CORS, as the gateway answers it. */
export interface HttpApiCors {
  /** The origins that a browser may call from. `*` is refused together with credentials. */
  readonly allowOrigins: readonly string[];
  /** The methods that a browser may use. */
  readonly allowMethods: readonly string[];
  /** The request headers that a browser may send. */
  readonly allowHeaders: readonly string[];
  /** Whether a browser may send cookies and authorization. It cannot be combined with the origin `*`. */
  readonly allowCredentials: boolean;
  /** How long a browser may cache the response to a preflight, in seconds. */
  readonly maxAge: number;
}

export interface HttpApiProps {
  /** The API's name. */
  readonly name: string;
  /** The name of the log group that receives one line per request. */
  readonly logGroupName: string;
  /** The retention of the access log, in days. */
  readonly logRetentionDays: number;
  /** The steady rate of the stage's throttle, in requests per second. */
  readonly throttlingRateLimit: number;
  /** The burst of the stage's throttle, in requests. */
  readonly throttlingBurstLimit: number;
  /** @default - the gateway answers no preflight, and the application does; only one of them can */
  readonly cors?: HttpApiCors;
}

/**
 * The format of an access log line. API Gateway refuses a format over 3 KB.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
export const accessLogFormat = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  routeKey: '$context.routeKey',
  method: '$context.httpMethod',
  path: '$context.path',
  protocol: '$context.protocol',
  status: '$context.status',
  responseLength: '$context.responseLength',
  responseLatency: '$context.responseLatency',
  integrationLatency: '$context.integrationLatency',
  integrationStatus: '$context.integrationStatus',
  integrationRequestId: '$context.integration.requestId',
  integrationErrorMessage: '$context.integrationErrorMessage',
  errorMessage: '$context.error.message',
  authorizerError: '$context.authorizer.error',
  ip: '$context.identity.sourceIp',
  userAgent: '$context.identity.userAgent',
} as const;

/** An HTTP API with its `$default` stage, throttled and logged. `BackendRoutes` adds its routes. */
export class HttpApi extends Construct {
  readonly api: Apigatewayv2Api;
  readonly stage: Apigatewayv2Stage;
  readonly logGroup: LogGroup;

  /** @throws when CORS allows every origin together with credentials, or a throttle is not above zero. */
  constructor(scope: Construct, id: string, props: HttpApiProps) {
    super(scope, id);
    refuseOpenCors(this, props.cors);
    refuseClosedThrottle(this, props);
    this.api = this.createApi(props);
    this.logGroup = new LogGroup(this, 'AccessLog', {
      name: props.logGroupName,
      retentionDays: props.logRetentionDays,
    });
    this.stage = this.createStage(props);
  }

  private createApi({ name, cors }: HttpApiProps): Apigatewayv2Api {
    return new Apigatewayv2Api(this, 'Default', {
      name,
      protocolType: 'HTTP',
      corsConfiguration: cors && {
        allowOrigins: [...cors.allowOrigins],
        allowMethods: [...cors.allowMethods],
        allowHeaders: [...cors.allowHeaders],
        allowCredentials: cors.allowCredentials,
        maxAge: cors.maxAge,
      },
    });
  }

  private createStage(props: HttpApiProps): Apigatewayv2Stage {
    return new Apigatewayv2Stage(this, 'Stage', {
      apiId: this.api.id,
      name: '$default',
      autoDeploy: true,
      accessLogSettings: { destinationArn: this.logGroup.arn, format: Fn.jsonencode(accessLogFormat) },
      // Without them both limits become 0, and every request is answered with 429:
      // https://github.com/terraform-aws-modules/terraform-aws-apigateway-v2/issues/13
      defaultRouteSettings: {
        detailedMetricsEnabled: true,
        throttlingRateLimit: props.throttlingRateLimit,
        throttlingBurstLimit: props.throttlingBurstLimit,
      },
    });
  }
}

function refuseOpenCors(scope: Construct, cors: HttpApiCors | undefined): void {
  if (cors?.allowCredentials === true && cors.allowOrigins.includes('*')) {
    throw new Error(
      `${scope.node.path}: CORS admits every origin ("*") together with credentials; name the origins, or set allowCredentials to false`,
    );
  }
}

function refuseClosedThrottle(scope: Construct, props: HttpApiProps): void {
  for (const [name, value] of [
    ['throttlingRateLimit', props.throttlingRateLimit],
    ['throttlingBurstLimit', props.throttlingBurstLimit],
  ] as const) {
    if (!(value > 0)) {
      throw new Error(
        `${scope.node.path}: ${name} is ${value}, which admits no request; give a number above 0`,
      );
    }
  }
}
