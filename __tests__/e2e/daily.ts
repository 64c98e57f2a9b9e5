import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expectSuccess, Project } from '../support/project';

const stack = 'kairos-dev';

/** The daily commands at an environment that was just deployed: plans of every kind. */
export function describeDaily(project: Project): void {
  it.each([true, false])('the second plan has no changes with -refresh=%s', async (refresh) => {
    expect(await project.planned(stack, { refresh })).toEqual([]);
  });

  // One way to leave cdktf: the state stays, and Terraform plans the files that were written as HCL.
  it('a plan of the same stack as HCL has no changes', async () => {
    const hcl = new Project('hcl');
    const shell = { SYNTH_HCL_OUTPUT: 'true' };
    expect(await hcl.planned(stack, { shell })).toEqual([]);
    expect(existsSync(join(hcl.stackFolder(stack), 'cdk.tf'))).toBe(true);
  });

  it('a plan with an image that the registry does not have fails, and names the image', async () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const shell = { KAIROS_IMAGE_DIGEST: digest };
    await expect(project.planned(stack, { shell })).rejects.toThrow(digest);
  });

  it('cdktf plan needs neither the source of the backend nor a variable', async () => {
    const result = await project.cdktf(['plan', stack, '--skip-provider-lock'], {
      shell: { KAIROS_BACKEND_PATH: '/nowhere' },
    });
    expect(expectSuccess(result).output).toContain('No changes.');
  });

  it('a synth with a wrong table fails, and lists all of its faults', async () => {
    const result = await project.cdktf(['synth'], {
      changes: { 'environments.prod.function.memory': 1, 'environments.dev.logRetention': 2 },
    });
    expect(result.code).not.toBe(0);
    expect(result.output).toContain('environments.prod.function.memory');
    expect(result.output).toContain('environments.dev.logRetention');
  });
}
