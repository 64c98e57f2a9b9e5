import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { policyOf, siblingsOf } from './reading';

/** docs/decisions/0001-secrets-outside-terraform.md */
export const noSecretInState = policyOf('no-secret-in-state', SsmParameter, (parameter) => [
  parameter.typeInput === 'SecureString' && siblingsOf(parameter, LambdaFunction).length > 0
    ? "a secret in an environment's stack is destroyed with it, and its value can reach the state; " +
      'create the parameter in the foundation, and set its value with: npx kairos secrets set'
    : undefined,
]);
