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
 * Runs `cdktf <args>` in the project, without colour and without prompts.
 * @returns its result, whatever the exit code.
 * @throws UserError if it cannot be started.
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
 * Runs `terraform <args>` on a synthesized stack.
 * @returns its result. To parse the output, read `stdout`.
 * @throws UserError if it fails: with what is wrong with the state in one line, otherwise with Terraform's message. Also
 * if it prints text where JSON was requested.
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

/** A program in Terraform's place on the path, such as a version manager's script, may print its own text. */
function requireJson(args: readonly string[], stdout: string, shell: Shell): void {
  try {
    JSON.parse(stdout);
  } catch {
    // A line of JSON may contain a secret. The text of another program is not JSON.
    const words = stdout.split('\n').find((line) => /^[^\s{}[\]"]|^\[\w/.test(line)) ?? 'nothing that is one';
    throw new UserError(
      `${terraformCommand(shell)} ${args.join(' ')} did not print JSON, but: ${words.slice(0, 200)}\n` +
        "next: TERRAFORM_BINARY_NAME=<Terraform's own program> (of hashicorp/setup-terraform: terraform_wrapper: false)",
    );
  }
}

export interface SynthOptions extends CommandOptions {
  /** Context besides that of cdktf.json. @default - none */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** Synthesizes all stacks. @throws UserError with the application's message. */
export async function synthesize({ context, ...options }: SynthOptions): Promise<void> {
  const result = await run(process.execPath, ['-r', './bin/typescript', 'main.ts'], {
    ...options,
    cwd: projectRoot,
    shell: {
      ...options.shell,
      CDKTF_OUTDIR: outputFolder(options.shell),
      // The CLI passes the context in this way. Calling the application directly saves the four seconds of the CLI.
      CDKTF_CONTEXT_JSON: JSON.stringify({ ...cdktf.context, ...context }),
      // If these are set in a shell, the synth writes HCL instead of JSON, or accepts a stack that violates a policy.
      SYNTH_HCL_OUTPUT: undefined,
      CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS: undefined,
    },
  });
  if (result.code !== 0) throw new UserError(`the stacks could not be synthesized: ${result.output}`);
}

export interface DeployOptions extends CommandOptions {
  /** The file for the complete output. */
  readonly logFile: string;
}

/**
 * Deploys synthesized stacks with the real `cdktf deploy`.
 * @throws UserError with Terraform's own message and the path of the complete output; also if cdktf reports success and
 * the state does not contain what was to be deployed.
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

/** How many of the resources that are missing in a state are named, so that the message is one line. */
const named = 3;

/** A killed Terraform must not look successful, whatever the exit codes between it and this process. */
export async function requireInState(stack: string, { shell }: Pick<CommandOptions, 'shell'>): Promise<void> {
  const { stdout } = await runTerraform(stack, ['state', 'list'], { shell });
  const held = new Set(stdout.split('\n').map((address) => address.replace(/\[.*$/, '')));
  const missing = synthesizedResources(stack, shell)
    // There may be none of these.
    .filter(({ body }) => !('count' in body) && !('for_each' in body))
    .map(({ address }) => address)
    .filter((address) => !held.has(address));
  if (missing.length === 0) return;
  const others = missing.length > named ? ` and ${missing.length - named} more` : '';
  throw new UserError(
    `cdktf reported that it deployed ${stack}, but its state does not contain ${missing.slice(0, named).join(', ')}${others}; next: npx cdktf deploy ${stack}`,
  );
}

/** @returns why a deploy failed, in Terraform's words, and the path of the complete output. */
export function reasonIn(output: string, logFile: string): string {
  const lines = output.split('\n').map((line) => line.replace(/^.*?[│|╷╵]\s?/, '').trimEnd());
  // Earlier errors may be some that Terraform retried, and cdktf's last lines do not help.
  const last = lines.findLastIndex(
    (line) => line.includes('Error:') && !line.includes('Invoking Terraform CLI'),
  );
  const reason = (last < 0 ? lines.slice(-5) : lines.slice(last, last + 12)).filter((line) => line !== '');
  return `:\n  ${reason.join('\n  ')}\n  (complete output: ${logFile})`;
}
