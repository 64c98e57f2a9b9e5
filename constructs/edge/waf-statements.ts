import { type ManagedRuleGroup, managedRuleGroups } from '../../aws/managed-rules';

/**
 * The statements of WAF rules that the web ACL uses. The provider's binding accepts anything as a statement and passes
 * it on, so the keys must be Terraform's own: a camelCase key compiles, synthesizes and fails at plan.
 * https://github.com/hashicorp/terraform-cdk/issues/3637
 */
export type Statement =
  | ManagedRuleGroupStatement
  | RateBasedStatement
  | IpSetReferenceStatement
  | ByteMatchStatement
  | SizeConstraintStatement
  | AndStatement
  | OrStatement;

export interface ManagedRuleGroupStatement {
  readonly managed_rule_group_statement: {
    readonly name: string;
    readonly vendor_name: 'AWS';
    readonly rule_action_override: readonly {
      readonly name: string;
      readonly action_to_use: { readonly count: Readonly<Record<string, never>> };
    }[];
  };
}

export interface RateBasedStatement {
  readonly rate_based_statement: {
    readonly limit: number;
    readonly aggregate_key_type: 'IP';
    readonly evaluation_window_sec: number;
    readonly scope_down_statement?: Statement;
  };
}

export interface IpSetReferenceStatement {
  readonly ip_set_reference_statement: { readonly arn: string };
}

interface TextTransformation {
  readonly priority: number;
  readonly type: 'NONE' | 'URL_DECODE' | 'LOWERCASE';
}

export interface ByteMatchStatement {
  readonly byte_match_statement: {
    readonly field_to_match:
      | { readonly uri_path: Readonly<Record<string, never>> }
      | { readonly method: Readonly<Record<string, never>> };
    readonly positional_constraint: 'EXACTLY' | 'STARTS_WITH';
    readonly search_string: string;
    readonly text_transformation: readonly TextTransformation[];
  };
}

export interface SizeConstraintStatement {
  readonly size_constraint_statement: {
    readonly comparison_operator: 'GT';
    readonly size: number;
    readonly field_to_match: { readonly body: { readonly oversize_handling: 'MATCH' } };
    readonly text_transformation: readonly TextTransformation[];
  };
}

export interface AndStatement {
  readonly and_statement: { readonly statement: readonly Statement[] };
}

export interface OrStatement {
  readonly or_statement: { readonly statement: readonly Statement[] };
}

const untransformed = [{ priority: 0, type: 'NONE' }] as const;

/**
 * @param group one of AWS's managed rule groups.
 * @param counted rules of the group that count instead of block.
 */
export function managedRules(group: ManagedRuleGroup, counted: readonly string[] = []): Statement {
  return {
    managed_rule_group_statement: {
      name: managedRuleGroups[group].name,
      vendor_name: 'AWS',
      rule_action_override: counted.map((name) => ({ name, action_to_use: { count: {} } })),
    },
  };
}

/**
 * More requests from one address than a limit.
 * @param limit requests per window.
 * @param window the window, in seconds.
 * @param counting which requests count. @default - all
 */
export function requestsPerAddress(limit: number, window: number, counting?: Statement): Statement {
  return {
    rate_based_statement: {
      limit,
      aggregate_key_type: 'IP',
      evaluation_window_sec: window,
      ...(counting && { scope_down_statement: counting }),
    },
  };
}

/** @param setArns the ARNs of IP sets; one of them must contain the address of the sender. */
export function fromAddresses(setArns: readonly string[]): Statement {
  return anyOf(setArns.map((arn) => ({ ip_set_reference_statement: { arn } })));
}

/** @param method such as `POST`. */
export function ofMethod(method: string): Statement {
  return {
    byte_match_statement: {
      field_to_match: { method: {} },
      positional_constraint: 'EXACTLY',
      search_string: method,
      text_transformation: untransformed,
    },
  };
}

/** Compares bytes, without a transformation. */
export function exactly(path: string): Statement {
  return {
    byte_match_statement: {
      field_to_match: { uri_path: {} },
      positional_constraint: 'EXACTLY',
      search_string: path,
      text_transformation: untransformed,
    },
  };
}

/**
 * Paths are decoded and converted to lower case first, because the backend decodes them too: for it `%74oken` is
 * `token`.
 */
export function below(path: string): Statement {
  return {
    byte_match_statement: {
      field_to_match: { uri_path: {} },
      positional_constraint: 'STARTS_WITH',
      search_string: path.toLowerCase(),
      text_transformation: [
        { priority: 0, type: 'URL_DECODE' },
        { priority: 1, type: 'LOWERCASE' },
      ],
    },
  };
}

/** @param bytes the largest body that does not match. */
export function bodyOver(bytes: number): Statement {
  return {
    size_constraint_statement: {
      comparison_operator: 'GT',
      size: bytes,
      field_to_match: { body: { oversize_handling: 'MATCH' } },
      text_transformation: untransformed,
    },
  };
}

export function allOf(statements: readonly Statement[]): Statement {
  return combined(statements, (several) => ({ and_statement: { statement: several } }));
}

export function anyOf(statements: readonly Statement[]): Statement {
  return combined(statements, (several) => ({ or_statement: { statement: several } }));
}

/** WAF needs at least two statements in a combination. */
function combined(
  statements: readonly Statement[],
  combine: (several: readonly Statement[]) => Statement,
): Statement {
  const [first] = statements;
  if (first === undefined) {
    throw new Error('a combination of no statements matches nothing; leave its rule out');
  }
  return statements.length === 1 ? first : combine(statements);
}
