import cdktf from '../cdktf.json';
import { messageOf, UserError } from '../errors';
import { alreadyThereReason } from './already-there';
import { run, type RunOptions, type RunResult, type Shell, Stopped } from './process';
import { cdktfCommand, outputFolder, projectRoot, stackFolder } from './project';
import { stateFault } from './state-faults';
import { synthesizedResources } from './synthesized-resources';
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
      shell: {
        ...options.shell,
        CI: '1',
        FORCE_COLOR: '0',
        TERRAFORM_BINARY_NAME: terraformCommand(options.shell),
      },
    });
  } catch (error) {
    if (error instanceof Stopped) throw error;
    throw new UserError(`cdktf could not be started: ${messageOf(error)}; next: npm ci`);
  }
}

/**
 * Runs `terraform <args>` on a stack that was synthesized.
 * @returns its result; what parses an answer reads `stdout`.
 * @throws UserError when it fails: what is wrong with the state in one line, otherwise Terraform's words. Also when it
 * has words where JSON was asked for.
 */
export async function runTerraform(
  stack: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<RunResult> {
  const folder = stackFolder(stack, options.shell);
  const result = await run(terraformCommand(options.shell), [`-chdir=${folder}`, ...args], options);
  if (result.code !== 0) {
    const fault = stateFault(result.output, [stack], options.shell);
    throw new UserError(
      fault === undefined
        ? `terraform ${args.join(' ')} failed in ${folder}:\n${result.output}`
        : `terraform ${args[0] ?? ''} of ${stack} failed: ${fault}`,
    );
  }
  if (args.includes('-json')) requireJson(args, result.stdout, options.shell);
  return result;
}

/** What stands in Terraform's place on a path may talk where Terraform answers, as a version manager's script does. */
function requireJson(args: readonly string[], stdout: string, shell: Shell): void {
  try {
    JSON.parse(stdout);
  } catch {
    // A line of JSON may hold a secret, and the words of something else are no JSON.
    const words = stdout.split('\n').find((line) => /^[^\s{}[\]"]|^\[\w/.test(line)) ?? 'nothing that is one';
    throw new UserError(
      `${terraformCommand(shell)} ${args.join(' ')} answered no JSON, but: ${words.slice(0, 200)}\n` +
        "next: TERRAFORM_BINARY_NAME=<Terraform's own program> (of hashicorp/setup-terraform: terraform_wrapper: false)",
    );
  }
}

/** Synthesizes all stacks. @throws UserError with what the application said. */
export async function synthesize(options: CommandOptions): Promise<void> {
  const result = await run(process.execPath, ['-r', './bin/typescript', 'main.ts'], {
    ...options,
    cwd: projectRoot,
    shell: {
      ...options.shell,
      CDKTF_OUTDIR: outputFolder(options.shell),
      // The CLI hands the context over like this; calling the application itself saves its four seconds.
      CDKTF_CONTEXT_JSON: JSON.stringify(cdktf.context),
      // Left in a shell, these write another language than what is read here, and let pass what breaks a policy.
      SYNTH_HCL_OUTPUT: undefined,
      CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS: undefined,
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
 * @throws UserError with Terraform's own words, and where the whole output is; also when cdktf is content and the
 * state does not hold what was to be deployed.
 */
export async function deploy(stacks: readonly string[], options: DeployOptions): Promise<void> {
  const flags = ['--skip-synth', '--auto-approve', '--skip-provider-lock'];
  const result = await runCdktf(['deploy', ...stacks, ...flags], options);
  if (result.code !== 0) {
    const fault = stateFault(result.output, stacks, options.shell);
    const reason = fault === undefined ? reasonIn(result.output, options.logFile) : `: ${fault}`;
    const remedy = alreadyThereReason(result.output, stacks);
    const more = remedy === undefined ? '' : `\n  ${remedy}`;
    throw new UserError(`cdktf deploy ${stacks.join(' ')} failed${reason}${more}`);
  }
  await Promise.all(stacks.map((stack) => requireInState(stack, options)));
}

/** How many resources are named of those that a state does not hold: it is one line. */
const named = 3;

/** A Terraform that was killed must not pass for one that was content, whatever the exit codes between here and there. */
export async function requireInState(stack: string, { shell }: Pick<CommandOptions, 'shell'>): Promise<void> {
  const { stdout } = await runTerraform(stack, ['state', 'list'], { shell });
  const held = new Set(stdout.split('\n').map((address) => address.replace(/\[.*$/, '')));
  const missing = synthesizedResources(stack, shell)
    // Of these there may rightly be none.
    .filter(({ body }) => !('count' in body) && !('for_each' in body))
    .map(({ address }) => address)
    .filter((address) => !held.has(address));
  if (missing.length === 0) return;
  const others = missing.length > named ? ` and ${missing.length - named} more` : '';
  throw new UserError(
    `cdktf said that it deployed ${stack}, and its state does not hold ${missing.slice(0, named).join(', ')}${others}; next: npx cdktf deploy ${stack}`,
  );
}

/** @returns why a deploy failed, in Terraform's words, and where all of them are. */
export function reasonIn(output: string, logFile: string): string {
  const lines = output.split('\n').map((line) => line.replace(/^.*?[│|╷╵]\s?/, '').trimEnd());
  // Earlier ones may be what Terraform got over; what cdktf says at the end tells nothing.
  const last = lines.findLastIndex(
    (line) => line.includes('Error:') && !line.includes('Invoking Terraform CLI'),
  );
  const reason = (last < 0 ? lines.slice(-5) : lines.slice(last, last + 12)).filter((line) => line !== '');
  return `:\n  ${reason.join('\n  ')}\n  (all of it: ${logFile})`;
}
