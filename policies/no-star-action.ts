import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { z } from 'zod';
import { rendered } from './policy';
import { policyOf } from './reading';

const statementsSchema = z.array(
  z.object({ effect: z.string().optional(), actions: z.array(z.string()).default([]) }),
);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege */
export const noStarAction = policyOf('no-star-action', DataAwsIamPolicyDocument, (document) =>
  statementsOf(document)
    .filter(({ effect }) => effect !== 'Deny')
    .flatMap(({ actions }) => actions.filter((action) => /(^|:)\*$/.test(action)))
    .map(
      (action) =>
        `the policy allows ${action}: every action there is and will be; name those that are needed`,
    ),
);

function statementsOf(document: DataAwsIamPolicyDocument) {
  const statements: unknown = JSON.parse(rendered(document, document.statementInput) || '[]');
  return statementsSchema.parse(statements) satisfies readonly Partial<DataAwsIamPolicyDocumentStatement>[];
}
