import { foundationStackName, imageStackName } from '../config/names';

/** How AWS's services say that a name is taken; the provider hands their words on. */
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
 * @returns why and what to type when something that a stack would make is there already, as after a run that was
 * killed; nothing when the output speaks of none.
 */
export function alreadyThereReason(output: string, stacks: readonly string[]): string | undefined {
  const line = output.split('\n').find((each) => words.some((word) => each.includes(word)));
  if (line === undefined) return undefined;
  // cdktf puts the stack in front of each line.
  const named = stacks.find((stack) => line.trimStart().startsWith(stack));
  const stack = named ?? stacks.find((each) => each !== foundationStackName);
  if (stack === imageStackName) return undefined;
  const name = (stack ?? foundationStackName).replace('kairos-', '');
  return `it is in AWS and not in the state, as after a run that was killed; next: npx kairos recover ${name}`;
}
