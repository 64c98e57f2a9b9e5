import { Wafv2WebAcl } from '@cdktf/provider-aws/lib/wafv2-web-acl';

/** What cdktf's HCL writer needs to distinguish an attribute and a block. */
interface HclValue {
  readonly value: unknown;
  readonly isBlock: boolean;
  readonly type: 'simple' | 'list';
  readonly storageClassType: string;
}

/**
 * A web ACL whose statements are blocks in HCL too. The binding does not type them, and `cdktf synth --hcl` then writes
 * attributes, which Terraform refuses. In JSON the two look the same.
 * https://github.com/hashicorp/terraform-cdk/issues/3637
 */
export class WebAclWithStatementBlocks extends Wafv2WebAcl {
  protected override synthesizeHclAttributes(): Record<string, unknown> {
    const attributes: Record<string, unknown> = super.synthesizeHclAttributes();
    return { ...attributes, rule: withStatementBlocks(attributes.rule) };
  }
}

function withStatementBlocks(rules: unknown): unknown {
  if (!isObject(rules) || !Array.isArray(rules.value)) {
    throw new Error('cdktf no longer writes the rules of a web ACL as 0.21 did: try synth --hcl again');
  }
  const value = rules.value.map((rule: unknown) =>
    isObject(rule) && isObject(rule.statement) ? { ...rule, statement: block(rule.statement.value) } : rule,
  );
  return { ...rules, value };
}

function block(value: unknown): HclValue {
  const blocks = Array.isArray(value) ? value : [value];
  return { value: blocks.map(members), isBlock: true, type: 'list', storageClassType: 'any' };
}

function members(value: unknown): Record<string, HclValue> {
  const entries = Object.entries(isObject(value) ? value : {});
  return Object.fromEntries(
    entries.map(([name, member]) => [
      name,
      isObject(member) || Array.isArray(member) ? block(member) : plain(member),
    ]),
  );
}

function plain(value: unknown): HclValue {
  return { value, isBlock: false, type: 'simple', storageClassType: typeof value };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
