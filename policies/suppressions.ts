import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import type { TerraformStack } from 'cdktf';
import { AuthorizerFunction } from '../constructs/edge/authorizer-function';
import { Topic } from '../constructs/observability/topic';
import { suppress } from './policy';

/** Where a rule may be broken, and why that is right there. The report of the policies shows each. */
export function suppressKnown(stack: TerraformStack): void {
  for (const construct of stack.node.findAll()) {
    if (construct instanceof AuthorizerFunction) {
      suppress(
        construct,
        'function-tracing',
        'it computes a hash and calls nothing; a trace of each request would cost more than the function',
      );
    }
    if (construct instanceof Topic) {
      suppress(
        construct,
        'protected-state',
        'its key encrypts messages on their way, and nothing that lasts',
      );
      for (const child of construct.node.children) {
        if (child instanceof DataAwsIamPolicyDocument && child.node.id === 'KeyDocument') {
          suppress(
            child,
            'no-star-action',
            "a key's policy without kms:* for the account locks everybody out of it",
          );
        }
      }
    }
  }
}
