import { expectSuccess, type Project } from '../support/project';

const stack = 'kairos-dev';

/** The daily commands at an environment that was just deployed: plans of every kind. */
export function describeDaily(project: Project): void {
  it.each([true, false])('the second plan has no changes with -refresh=%s', async (refresh) => {
    expect(await project.planned(stack, { refresh })).toEqual([]);
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
}
