import { Annotations, type App, Aspects, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { type Suppression, suppressions } from './suppressions';

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

/** What a policy says of a construct. */
export interface Finding {
  readonly policy: string;
  /** The path of the construct. */
  readonly path: string;
  readonly fault: string;
  /** Why it may stay as it is. @default - it may not */
  readonly reason?: string;
}

/**
 * @param known where a rule may be broken. @default - what policies/suppressions.ts holds
 * @returns what the policies say of one construct.
 */
export function findingsOf(
  construct: IConstruct,
  policies: readonly Policy[],
  known: readonly Suppression[] = suppressions,
): readonly Finding[] {
  const { path } = construct.node;
  return policies.flatMap(({ name, faultsOf }) =>
    faultsOf(construct).map((fault) => ({
      policy: name,
      path,
      fault,
      reason: known.find(({ policy, at }) => policy === name && at.test(path))?.reason,
    })),
  );
}

/** @returns the stacks of an application. */
export function stacksOf(app: App): readonly TerraformStack[] {
  return app.node.children.filter((child) => TerraformStack.isStack(child));
}

/**
 * Lets policies watch over the stacks of an application: a fault stops the synthesis, with the path of the construct.
 * Call it once all stacks are there: cdktf asks the aspects of a stack, and not those of the application around it.
 */
export function enforce(app: App, policies: readonly Policy[]): void {
  for (const stack of stacksOf(app)) {
    Aspects.of(stack).add({
      visit: (construct) => {
        for (const { policy, fault, reason } of findingsOf(construct, policies)) {
          if (reason === undefined) Annotations.of(construct).addError(`${policy}: ${fault}`);
        }
      },
    });
  }
}
