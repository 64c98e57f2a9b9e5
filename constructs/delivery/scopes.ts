import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import type { Scope } from '../../aws/actions';

/** The resources of a scope, and what must hold besides. */
export type ScopedResources = Pick<DataAwsIamPolicyDocumentStatement, 'resources' | 'condition'>;

/** What each scope is; `nothing` where there is none of its kind, and so no right on it. */
export type Scopes = Readonly<Partial<Record<Scope, ScopedResources | 'nothing'>>>;

/**
 * @returns that every value of a key is one of these, or none of them, and that there is one: `ForAllValues` alone is
 * content without any.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function every(
  test: 'StringEquals' | 'StringLike' | 'StringNotLike',
  variable: string,
  values: string[],
) {
  return [
    { test: `ForAllValues:${test}`, variable, values },
    { test: 'Null', variable, values: ['false'] },
  ];
}

/** @returns that a key has this value. */
export function is(variable: string, value: string) {
  return { test: 'StringEquals', variable, values: [value] };
}
