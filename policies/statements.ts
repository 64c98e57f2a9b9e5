import type { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { z } from 'zod';
import { rendered } from './rendered';

const statementsSchema = z.array(
  z.object({
    effect: z.string().default('Allow'),
    actions: z.array(z.string()).default([]),
    resources: z.array(z.string()).default([]),
    principals: z.array(z.unknown()).default([]),
    condition: z.array(z.object({ variable: z.string() })).default([]),
  }),
);

/** @returns the configured statements of a policy document. */
export function statementsOf(document: DataAwsIamPolicyDocument): z.infer<typeof statementsSchema> {
  return statementsSchema.parse(JSON.parse(rendered(document, document.statementInput) || '[]'));
}
