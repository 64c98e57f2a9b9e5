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
  /** The rotation that was deployed last: a number as text, or anything else when there was none. */
  readonly deployedRotation: string;
}

/** How long the gateway keeps a verdict, in seconds. A secret that was rotated out is refused after this time at the latest. */
const verdictLifetime = 300;

/**
 * A secret that CloudFront sends and an authorizer asks for. Without the header the gateway answers 401 and invokes
 * nothing; with a wrong one the authorizer answers 403.
 */
export class OriginLock extends Construct {
  /** What CloudFront has to send in the header. */
  readonly secret: string;
  /** What routes name to be locked. */
  readonly authorizer: Apigatewayv2Authorizer;
  /** What admits the newest secret: whoever sends that secret has to wait for it. */
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
      // A verdict is kept by the header alone. Where it also depends on the path and the key, none may be kept.
      authorizerResultTtlInSeconds: props.apiKeys === undefined ? verdictLifetime : 0,
      // A route that names the authorizer before it may be invoked would answer 500.
      dependsOn: [permission],
      // Otherwise Terraform deletes it before the routes let go of it, which API Gateway refuses with 409:
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
