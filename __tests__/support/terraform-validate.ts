import { run, type Shell } from '../../cli/process';

/**
 * @returns the output of `terraform validate -json` for a stack's folder. @throws with the output of an init that
 * fails.
 */
export async function terraformValidate(folder: string, shell: Shell): Promise<unknown> {
  const chdir = `-chdir=${folder}`;
  const init = await run('terraform', [chdir, 'init', '-backend=false', '-input=false'], { shell });
  if (init.code !== 0) throw new Error(init.output);
  const { stdout } = await run('terraform', [chdir, 'validate', '-json'], { shell });
  return JSON.parse(stdout);
}
