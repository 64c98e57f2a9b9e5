import type { Apigatewayv2Api } from '@cdktf/provider-aws/lib/apigatewayv2-api';
import { Apigatewayv2Authorizer } from '@cdktf/provider-aws/lib/apigatewayv2-authorizer';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { Construct } from 'constructs';
import { AuthorizerFunction, type AuthorizerFunctionProps } from './authorizer-function';
import { OriginSecret } from './origin-secret';

export interface OriginLockProps extends Omit<AuthorizerFunctionProps, 'secretHashes'> {
  /** The API that is locked. */
  readonly api: Apigatewayv2Api;
  /** The number of the rotation, from 1. */
  readonly rotation: number;
  /** The rotation of the last deploy: a number as text, or anything else if there was none. */
  readonly deployedRotation: string;
}

/**
 * How long the gateway caches a result, in seconds. After this time at the latest, a secret that was rotated out is
 * refused.
 */
const verdictLifetime = 300;

/**
 * A secret that CloudFront sends and an authorizer checks. Without the header the gateway answers 401 and invokes
 * nothing. With a wrong one the authorizer answers 403.
 */
export class OriginLock extends Construct {
  /** The value that CloudFront must send in the header. */
  readonly secret: string;
  /** The authorizer that a locked route names. */
  readonly authorizer: Apigatewayv2Authorizer;
  /** What accepts the newest secret. The resource that sends the secret must be changed after it. */
  readonly function: AuthorizerFunction;

  constructor(scope: Construct, id: string, props: OriginLockProps) {
    super(scope, id);
    const secret = new OriginSecret(this, 'Secret', props);
    this.secret = secret.current;
    this.function = new AuthorizerFunction(this, 'Function', { ...props, secretHashes: secret.hashes });
    this.authorizer = this.createAuthorizer(props, this.createPermission(props));
  }

  private createAuthorizer(props: OriginLockProps, permission: LambdaPermission): Apigatewayv2Authorizer {
    return new Apigatewayv2Authorizer(this, 'Default', {
      apiId: props.api.id,
      name: 'origin-lock',
      authorizerType: 'REQUEST',
      authorizerUri: this.function.function.invokeArn,
      authorizerPayloadFormatVersion: '2.0',
      enableSimpleResponses: true,
      identitySources: [`$request.header.${props.headerName}`],
      // The cache key is the header alone. If a result also depends on the path and the API key, it must not be cached.
      authorizerResultTtlInSeconds: props.apiKeys === undefined ? verdictLifetime : 0,
      // A route would answer 500 if it named the authorizer before the permission to invoke it exists.
      dependsOn: [permission],
      // Otherwise Terraform deletes it before the routes are changed, which API Gateway refuses with 409:
      // https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-authorizers-authorizerid.html
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private createPermission({ api }: OriginLockProps): LambdaPermission {
    return new LambdaPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: this.function.function.functionName,
      principal: 'apigateway.amazonaws.com',
      sourceArn: `${api.executionArn}/authorizers/*`,
    });
  }
}
