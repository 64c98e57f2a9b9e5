import { managedRuleGroups } from '../../aws/managed-rules';
import type { ByteMatchStatement, SizeConstraintStatement, Statement } from './waf-statements';

/**
 * Capacity above this costs more per request:
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html
 */
export const includedCapacity = 1500;

/**
 * The capacity of a statement, in WCUs, according to the tables below
 * https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements.html
 * @throws when it uses a managed group whose capacity is not in aws/managed-rules.ts.
 */
export function capacityOf(statement: Statement): number {
  if ('managed_rule_group_statement' in statement) {
    return capacityOfGroup(statement.managed_rule_group_statement.name);
  }
  if ('rate_based_statement' in statement) {
    const { scope_down_statement: counting } = statement.rate_based_statement;
    return 2 + (counting === undefined ? 0 : capacityOf(counting));
  }
  if ('ip_set_reference_statement' in statement) {
    return 1;
  }
  if ('byte_match_statement' in statement) {
    return 2 + transformations(statement.byte_match_statement);
  }
  if ('size_constraint_statement' in statement) {
    return 1 + transformations(statement.size_constraint_statement);
  }
  const { statement: parts } =
    'and_statement' in statement ? statement.and_statement : statement.or_statement;
  return parts.reduce((sum, part) => sum + capacityOf(part), 0);
}

function capacityOfGroup(name: string): number {
  const group = Object.values(managedRuleGroups).find((known) => known.name === name);
  if (group === undefined) {
    throw new Error(`the capacity of the managed group ${name} is not in aws/managed-rules.ts`);
  }
  return group.capacity;
}

function transformations({
  text_transformation: steps,
}:
  ByteMatchStatement['byte_match_statement'] | SizeConstraintStatement['size_constraint_statement']): number {
  return 10 * steps.filter(({ type }) => type !== 'NONE').length;
}
