import { foundationStackName, imageStackName } from '../config/names';

/** How AWS services say that a name exists already. The provider passes their messages on. */
const words = [
  'AlreadyExists',
  'already exists',
  'already exist:',
  'BucketAlreadyOwnedByYou',
  'WAFDuplicateItemException',
  'DuplicateRecordException',
];

/**
 * @param output of Terraform. @param stacks that were deployed.
 * @returns why and what to type if a resource of a stack exists already, as after a run that was killed; undefined if
 * the output does not say so.
 */
export function alreadyThereReason(output: string, stacks: readonly string[]): string | undefined {
  const line = output.split('\n').find((each) => words.some((word) => each.includes(word)));
  if (line === undefined) return undefined;
  // cdktf prefixes each line with the stack.
  const named = stacks.find((stack) => line.trimStart().startsWith(stack));
  const stack = named ?? stacks.find((each) => each !== foundationStackName);
  if (stack === imageStackName) return undefined;
  const name = (stack ?? foundationStackName).replace('kairos-', '');
  return `it is in AWS and not in the state, as after a run that was killed; next: npx kairos recover ${name}`;
}
