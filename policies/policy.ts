import {
  Annotations,
  type App,
  Aspects,
  DefaultTokenResolver,
  StringConcat,
  TerraformStack,
  Tokenization,
} from 'cdktf';
import type { IConstruct } from 'constructs';

/**
 * A rule that a synthesized stack must not break. It looks at one construct at a time, and reads what was configured
 * (`timeoutInput`), not the attribute (`timeout`), which is a token.
 */
export interface Policy {
  /** The rule's name, as its file is named. */
  readonly name: string;
  /** @returns what is wrong with a construct: what, why, and what to do. Nothing when it keeps the rule. */
  readonly faultsOf: (construct: IConstruct) => readonly string[];
}

/**
 * Lets policies watch over the stacks of an application: a fault stops the synthesis, with the path of the construct.
 * Call it once all stacks are there: cdktf asks the aspects of a stack, and not those of the application around it.
 */
export function enforce(app: App, policies: readonly Policy[]): void {
  for (const stack of app.node.children.filter((child) => TerraformStack.isStack(child))) {
    Aspects.of(stack).add({
      visit: (construct) => {
        for (const { name, faultsOf } of policies) {
          for (const fault of faultsOf(construct)) {
            Annotations.of(construct).addError(`${name}: ${fault}`);
          }
        }
      },
    });
  }
}

/** @returns a configured value as Terraform will read it, such as `${aws_apigatewayv2_api.Api.id}`. */
export function rendered(construct: IConstruct, value: unknown): string {
  const resolved: unknown = Tokenization.resolve(value, {
    scope: construct,
    resolver: new DefaultTokenResolver(new StringConcat()),
    preparing: false,
  });
  return typeof resolved === 'string' ? resolved : JSON.stringify(resolved ?? '');
}
