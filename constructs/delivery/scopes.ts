import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import type { Scope } from '../../aws/actions';

/** The resources of a scope, and its conditions. */
export type ScopedResources = Pick<DataAwsIamPolicyDocumentStatement, 'resources' | 'condition'>;

/** The resources of each scope; `nothing` if there are none of its kind, so that no permission is granted. */
export type Scopes = Readonly<Partial<Record<Scope, ScopedResources | 'nothing'>>>;

/**
 * @returns the conditions that every value of a key is in the list (or that none is), and that there is a value:
 * `ForAllValues` alone is true without any value.
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

/** @returns the condition that a key has this value. */
export function is(variable: string, value: string) {
  return { test: 'StringEquals', variable, values: [value] };
}
