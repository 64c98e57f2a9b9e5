import { Annotations, type App, Aspects, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { type Suppression, suppressions } from './suppressions';

/**
 * A rule that a synthesized stack must follow. It checks one construct at a time, and reads what was configured
 * (`timeoutInput`), not the attribute (`timeout`), which is a token.
 */
export interface Policy {
  /** The rule's name, which is also the name of its file. */
  readonly name: string;
  /** @returns what is wrong with a construct: what, why, and what to do. Undefined if it follows the rule. */
  readonly faultsOf: (construct: IConstruct) => readonly string[];
}

/** A finding of a policy about a construct. */
export interface Finding {
  readonly policy: string;
  /** The path of the construct. */
  readonly path: string;
  readonly fault: string;
  /** Why the violation is accepted. @default - it is not */
  readonly reason?: string;
}

/**
 * @param known where a rule may be violated. @default - policies/suppressions.ts
 * @returns the findings of the policies about one construct.
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
 * Enforces policies in the stacks of an application. A violation stops the synth, with the path of the construct. Call
 * it when all stacks exist: cdktf only calls the aspects of a stack, not those of the application.
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
