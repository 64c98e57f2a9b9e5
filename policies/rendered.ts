import { DefaultTokenResolver, StringConcat, Token, Tokenization } from 'cdktf';
import type { IConstruct } from 'constructs';

/** How cdktf writes a reference into a string. https://developer.hashicorp.com/terraform/cdktf/concepts/tokens */
const marker = /\$\{TfToken\[TOKEN\.\d+\]\}/g;

/** A cache of resolved markers. Most resources contain the same few, and cdktf would resolve each again. */
const known = new Map<string, string>();

/** @returns a configured value as Terraform reads it, such as `${aws_apigatewayv2_api.Api.id}`. */
export function rendered(construct: IConstruct, value: unknown): string {
  return textOf(withoutTokens(construct, value));
}

function withoutTokens(construct: IConstruct, value: unknown): unknown {
  if (typeof value === 'string') {
    const text = value.replace(marker, (found) => meaningOf(construct, found));
    return text.includes('TfToken[') ? resolved(construct, value) : text;
  }
  // A number, a list or a map can also be a token as a whole.
  if (Token.isUnresolved(value)) return resolved(construct, value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each: unknown) => withoutTokens(construct, each));
  return Object.fromEntries(
    Object.entries(value).map(([key, each]: [string, unknown]) => [key, withoutTokens(construct, each)]),
  );
}

function meaningOf(construct: IConstruct, found: string): string {
  const text = known.get(found) ?? textOf(resolved(construct, found));
  known.set(found, text);
  return text;
}

function resolved(construct: IConstruct, value: unknown): unknown {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return Tokenization.resolve(value, { scope: construct, resolver, preparing: false });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}
