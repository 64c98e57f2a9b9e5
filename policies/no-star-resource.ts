import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { accountWideActions } from '../aws/account-wide-actions';
import { policyOf } from './reading';
import { statementsOf } from './statements';

/**
 * In a policy that is attached to a resource, `*` means only "this resource". A resource that does not exist yet has no
 * ARN, so its tag restricts the statement.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
 */
export const noStarResource = policyOf('no-star-resource', DataAwsIamPolicyDocument, (document) =>
  statementsOf(document)
    .filter(({ effect, principals }) => effect !== 'Deny' && principals.length === 0)
    .filter(({ resources }) => resources.includes('*'))
    .filter(({ condition }) => !condition.some(({ variable }) => variable.startsWith('aws:RequestTag/')))
    .flatMap(({ actions }) => actions.filter((action) => !accountWideActions.has(action)))
    .map(
      (action) =>
        `the policy allows ${action} on every resource of the account, although AWS can restrict it; name the resources, ` +
        'or, if AWS accepts only *, add the action to aws/account-wide-actions.ts with its source',
    ),
);
