import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { TerraformStack } from 'cdktf';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configuration } from '../../config/environments';
import { environmentNames, foundationStackName, imageStackName, namesOf } from '../../config/names';
import type { Configuration } from '../../config/types';
import { application } from '../../main';
import { stacksOf } from '../../policies/policy';

const folder = mkdtempSync(join(tmpdir(), 'application-'));
const before = { ...process.env };
beforeEach(() => {
  process.env = { ...before, CDKTF_OUTDIR: folder, KAIROS_BACKEND_PATH: join(folder, 'nothing') };
});
afterAll(() => {
  process.env = before;
  rmSync(folder, { recursive: true });
});

/** Adds a log group to production's stack, like a construct would. */
function applicationWith(retentionInDays: number) {
  const app = application();
  const prod = stacksOf(app).find(({ node }) => node.id === namesOf('prod').stack);
  if (!(prod instanceof TerraformStack)) throw new Error('the application has no stack of production');
  new CloudwatchLogGroup(prod, 'Added', { name: '/kairos/added', retentionInDays });
  return app;
}

it('has a foundation stack and a stack for each environment', () => {
  const names = stacksOf(application()).map(({ node }) => node.id);
  expect(names).toEqual([foundationStackName, ...environmentNames.map((name) => namesOf(name).stack)]);
});

it("has the image's stack if there is a backend", () => {
  process.env.KAIROS_BACKEND_PATH = join(__dirname, '../../examples/backend');
  expect(stacksOf(application()).map(({ node }) => node.id)).toContain(imageStackName);
});

it('is not synthesized while something in it violates a policy', () => {
  expect(() => {
    applicationWith(0).synth();
  }).toThrow(/log-retention/);
});

it('is synthesized after the violation is corrected', () => {
  expect(() => {
    applicationWith(30).synth();
  }).not.toThrow();
});

it('reports placeholder ids of the repository, and nothing for real ones', () => {
  const warnings = (github: Configuration['github']) => {
    const [shared] = stacksOf(application({ ...configuration, github }));
    return (shared?.node.metadata ?? [])
      .filter(({ type }) => type === '@cdktf/warn')
      .map(({ data }) => String(data));
  };
  expect(warnings(configuration.github)).toEqual([expect.stringContaining('github.repositoryId')]);
  expect(warnings({ ownerId: 11, repositoryId: 22, provider: 'make' })).toEqual([]);
});
