import cdktf from '../cdktf.json';
import { messageOf, UserError } from '../errors';
import { run, type RunOptions, type RunResult, Stopped } from './process';
import { cdktfCommand, outputFolder, projectRoot, stackFolder } from './project';
import { terraformCommand } from './tools/terraform';

export type CommandOptions = Omit<RunOptions, 'cwd'>;

/**
 * Runs `cdktf <args>` in the project, without colour and without a question.
 * @returns its result, whatever the exit code.
 * @throws UserError when it cannot be started.
 */
export async function runCdktf(args: readonly string[], options: CommandOptions): Promise<RunResult> {
  try {
    return await run(process.execPath, [cdktfCommand, ...args, '--output', outputFolder(options.shell)], {
      ...options,
      cwd: projectRoot,
      shell: { ...options.shell, CI: '1', FORCE_COLOR: '0' },
    });
  } catch (error) {
    if (error instanceof Stopped) throw error;
    throw new UserError(`cdktf could not be started: ${messageOf(error)}; next: npm ci`);
  }
}

/**
 * Runs `terraform <args>` on a stack that was synthesized.
 * @returns its result; what parses an answer reads `stdout`.
 * @throws UserError with Terraform's words when it fails.
 */
export async function runTerraform(
  stack: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<RunResult> {
  const folder = stackFolder(stack, options.shell);
  const result = await run(terraformCommand(options.shell), [`-chdir=${folder}`, ...args], options);
  if (result.code !== 0)
    throw new UserError(`terraform ${args.join(' ')} failed in ${folder}:\n${result.output}`);
  return result;
}

/** Synthesizes all stacks. @throws UserError with what the application said. */
export async function synthesize(options: CommandOptions): Promise<void> {
  const result = await run(process.execPath, ['-r', 'sucrase/register/ts', 'main.ts'], {
    ...options,
    cwd: projectRoot,
    shell: {
      ...options.shell,
      CDKTF_OUTDIR: outputFolder(options.shell),
      // The CLI hands the context over like this; calling the application itself saves its four seconds.
      CDKTF_CONTEXT_JSON: JSON.stringify(cdktf.context),
    },
  });
  if (result.code !== 0) throw new UserError(`the stacks could not be synthesized: ${result.output}`);
}

export interface DeployOptions extends CommandOptions {
  /** The file that gets the whole output. */
  readonly logFile: string;
}

/**
 * Deploys stacks that were synthesized, by the real `cdktf deploy`.
 * @throws UserError with Terraform's own words, and where the whole output is.
 */
export async function deploy(stacks: readonly string[], options: DeployOptions): Promise<void> {
  const flags = ['--skip-synth', '--auto-approve', '--skip-provider-lock'];
  const result = await runCdktf(['deploy', ...stacks, ...flags], options);
  if (result.code !== 0)
    throw new UserError(`cdktf deploy ${stacks.join(' ')} failed${reasonIn(result.output, options.logFile)}`);
}

function reasonIn(output: string, logFile: string): string {
  const lines = output.split('\n').map((line) => line.replace(/^.*?[│|╷╵]\s?/, '').trimEnd());
  const first = lines.findIndex((line) => line.includes('Error:'));
  const reason = (first < 0 ? lines.slice(-5) : lines.slice(first, first + 12)).filter((line) => line !== '');
  return `:\n  ${reason.join('\n  ')}\n  (all of it: ${logFile})`;
}
