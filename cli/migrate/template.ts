import { parse } from 'yaml';
import { z } from 'zod';

const templateSchema = z.object({ Resources: z.record(z.string(), z.unknown()) });
const resourceSchema = z.object({ DeletionPolicy: z.string() });

/**
 * @param template in YAML or JSON, with CloudFormation's own tags, which are ignored here.
 * @returns the names of the resources that are retained when the stack is deleted:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
export function retainedIn(template: string): ReadonlySet<string> {
  const { data } = templateSchema.safeParse(parse(template, { logLevel: 'error' }));
  const names = Object.entries(data?.Resources ?? {}).flatMap(([name, resource]) => {
    const policy = resourceSchema.safeParse(resource).data?.DeletionPolicy ?? '';
    return policy.startsWith('Retain') ? [name] : [];
  });
  return new Set(names);
}
