import { stateFault } from '../../../cli/state-faults';

describe('a state that is locked', () => {
  // The output of Terraform 1.11.4, as cdktf prints it.
  const output = `kairos-prod  ╷
             │ Error: Error acquiring the state lock
             │
             │ Error message: operation error S3: PutObject, https response error
             │ StatusCode: 412, RequestID: 5afd, HostID: , api error PreconditionFailed:
             │ Lock Info:
             │   ID:        0f7b6f02-bb0d-65ad-1f61-9ebd2f7f1f6b
             │   Path:      kairos-tfstate-992382417038-prod/kairos-prod.tfstate
             │   Operation: OperationTypeApply
             │   Who:       ana@laptop
             │   Version:   1.11.4
             │   Created:   2026-11-25 06:32:59.108 +0000 UTC
             │   Info:
             ╵`;

  it('is reported with its holder, and what to type', () => {
    expect(stateFault(output, ['kairos-prod'], { CDKTF_OUTDIR: '/out' })).toBe(
      'the state of kairos-prod is held by ana@laptop since 2026-11-25 06:32:59 UTC (apply); if that run is dead, next: terraform -chdir=/out/stacks/kairos-prod force-unlock 0f7b6f02-bb0d-65ad-1f61-9ebd2f7f1f6b',
    );
  });

  it('is not reported for another failure', () => {
    expect(
      stateFault('Error: creating IAM Role (x): Lock Info is not said here', ['kairos-dev'], {}),
    ).toBeUndefined();
  });
});

describe('a state bucket that is missing', () => {
  // The output of Terraform 1.11.4, by itself and through cdktf.
  const line = (owner: string) =>
    `kairos-x  Error: Failed to get existing workspaces: S3 bucket "kairos-tfstate-992382417038-${owner}" does not exist.`;

  it.each([
    ['dev', 'kairos-dev', 'npx kairos bootstrap dev', 'npx kairos recover dev'],
    ['shared', 'kairos-foundation', 'npx kairos bootstrap', 'npx kairos recover foundation'],
    [
      'shared',
      'kairos-foundation-staging',
      'npx kairos bootstrap staging',
      'npx kairos recover foundation-staging',
    ],
  ])('of %s is reported for %s, with what to type', (owner, stack, bootstrap, recover) => {
    expect(stateFault(line(owner), [stack], {})).toBe(
      `the state bucket kairos-tfstate-992382417038-${owner} does not exist; next: ${bootstrap}, then if it was deployed before: ${recover}`,
    );
  });

  it('needs no recovery for the image', () => {
    expect(stateFault(line('shared'), ['kairos-image'], {})).toMatch(/; next: npx kairos bootstrap$/);
  });

  it('is the one of the named environment, if several stacks were deployed', () => {
    expect(stateFault(line('dev'), ['kairos-foundation', 'kairos-dev', 'kairos-prod'], {})).toMatch(
      /; next: npx kairos bootstrap dev, then if it was deployed before: npx kairos recover dev$/,
    );
  });

  it("is found in a terminal's box, whose lines are wrapped", () => {
    const box = `╷\n│ Error: Failed to get existing workspaces: S3 bucket\n│ "kairos-tfstate-1-dev" does not\n│ exist.\n╵`;
    expect(stateFault(box, ['kairos-dev'], {})).toContain(
      'the state bucket kairos-tfstate-1-dev does not exist',
    );
  });

  it('is not reported for a bucket that is a resource', () => {
    expect(stateFault('Error: reading S3 Bucket (x): NoSuchBucket', ['kairos-dev'], {})).toBeUndefined();
  });
});
