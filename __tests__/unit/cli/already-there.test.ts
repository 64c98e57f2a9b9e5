import { alreadyThereReason } from '../../../cli/already-there';

describe('a resource that exists already', () => {
  it.each([
    'kairos-dev  │ Error: creating Lambda Function (kairos-dev): ResourceConflictException: Function already exist: kairos-dev',
    'kairos-dev  │ Error: creating IAM Role (x): StatusCode: 409, EntityAlreadyExists: Role with name x already exists.',
    'kairos-dev  ╷ Error: creating CloudWatch Logs Log Group (/x): ResourceAlreadyExistsException: The specified log group already exists',
    'kairos-dev  │ Error: creating WAFv2 IPSet (x): WAFDuplicateItemException: AWS WAF couldn’t perform the operation',
  ])('is reported with the command that imports it into the state: %s', (line) => {
    const reason = alreadyThereReason(`kairos-dev  initializing\n${line}`, ['kairos-dev']);
    expect(reason).toMatch(/next: npx kairos recover dev$/);
  });

  it('is reported with the stack of the line', () => {
    const output = 'kairos-foundation  │ Error: creating ECR Repository: RepositoryAlreadyExistsException';
    expect(alreadyThereReason(output, ['kairos-dev', 'kairos-foundation'])).toMatch(/recover foundation$/);
  });

  it('is not reported for another failure', () => {
    const output = 'kairos-dev  │ Error: creating IAM Role (x): AccessDenied';
    expect(alreadyThereReason(output, ['kairos-dev'])).toBeUndefined();
  });
});
