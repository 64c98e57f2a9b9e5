import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { UserError } from '../../errors';
import { retainedIn } from './template';

/** One resource of a CloudFormation stack. */
export interface StackResource {
  /** Its name in the template. */
  readonly name: string;
  /** Such as `AWS::Lambda::Function`. */
  readonly type: string;
  /** Its physical id; an empty string if it was never created. */
  readonly id: string;
  /** Whether it is retained when the stack is deleted. */
  readonly retained: boolean;
}

/** An existing CloudFormation stack. */
export interface LiveStack {
  readonly name: string;
  readonly status: string;
  /** Whether it has deletion protection. */
  readonly isProtected: boolean;
  readonly resources: readonly StackResource[];
}

/** @throws UserError if there is no such stack. */
export async function readStack(client: CloudFormationClient, name: string): Promise<LiveStack> {
  const { DescribeStacksCommand, GetTemplateCommand, paginateListStackResources } =
    await import('@aws-sdk/client-cloudformation');
  const { Stacks: [stack] = [] } = await client
    .send(new DescribeStacksCommand({ StackName: name }))
    .catch((error: unknown) => {
      throw isMissing(error) ? missing(name, error) : error;
    });
  const { TemplateBody: template = '' } = await client.send(
    new GetTemplateCommand({ StackName: name, TemplateStage: 'Original' }),
  );
  // Nothing else of the template is kept, because it may contain a secret.
  const retained = retainedIn(template);
  const resources: StackResource[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: name })) {
    for (const each of page.StackResourceSummaries ?? []) {
      const logical = each.LogicalResourceId ?? '';
      resources.push({
        name: logical,
        type: each.ResourceType ?? '',
        id: each.PhysicalResourceId ?? '',
        retained: retained.has(logical),
      });
    }
  }
  return {
    name,
    status: stack?.StackStatus ?? 'unknown',
    isProtected: stack?.EnableTerminationProtection ?? false,
    resources,
  };
}

/** @returns the resources of a stack with one type. */
export function ofType({ resources }: Pick<LiveStack, 'resources'>, type: string): readonly StackResource[] {
  return resources.filter((each) => each.type === type);
}

/** CloudFormation has no separate error for it. */
function isMissing(error: unknown): boolean {
  return (
    error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist')
  );
}

function missing(name: string, cause: unknown): UserError {
  return new UserError(
    `there is no CloudFormation stack "${name}" in account and region of the table; aws cloudformation list-stacks names those that are`,
    { cause },
  );
}
