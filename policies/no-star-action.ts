import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { policyOf } from './reading';
import { statementsOf } from './statements';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege */
export const noStarAction = policyOf('no-star-action', DataAwsIamPolicyDocument, (document) =>
  statementsOf(document)
    .filter(({ effect }) => effect !== 'Deny')
    .flatMap(({ actions }) => actions.filter((action) => /(^|:)\*$/.test(action)))
    .map(
      (action) => `the policy allows ${action}: every existing and future action; name those that are needed`,
    ),
);
