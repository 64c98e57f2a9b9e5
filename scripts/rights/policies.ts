import { z } from 'zod';

const documentsSchema = z.object({
  data: z.object({
    aws_iam_policy_document: z.record(
      z.string(),
      z.object({
        statement: z.array(
          z.object({
            sid: z.string(),
            effect: z.string().default('Allow'),
            actions: z.array(z.string()),
            resources: z.array(z.string()).default([]),
            condition: z
              .array(z.object({ test: z.string(), variable: z.string(), values: z.array(z.string()) }))
              .default([]),
          }),
        ),
      }),
    ),
  }),
});

/** A condition, as Terraform writes it. */
interface Condition {
  readonly test: string;
  readonly variable: string;
  readonly values: readonly string[];
}

/** A statement of a policy, as IAM reads it. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/**
 * @param foundation the synthesized stack of the foundation. @param role `Deploy-prod`, `Plan-foundation`, …
 * @returns the statements of each policy of a role.
 */
export function policiesOf(foundation: unknown, role: string): readonly (readonly Statement[])[] {
  return Object.entries(documentsSchema.parse(foundation).data.aws_iam_policy_document)
    .filter(([id]) => id.startsWith(`Delivery_${role}_Document-`))
    .map(([, { statement }]) =>
      statement.map(({ sid, effect, actions, resources, condition }) => ({
        Sid: sid,
        Effect: effect,
        Action: actions,
        Resource: resources,
        Condition: asIamReads(condition),
      })),
    );
}

/** @returns the conditions by operator, then by key. */
export function asIamReads(conditions: readonly Condition[]): Statement['Condition'] {
  const read: Record<string, Record<string, readonly string[]>> = {};
  for (const { test, variable, values } of conditions) read[test] = { ...read[test], [variable]: values };
  return read;
}
