import { join } from 'node:path';
import cdktf from '../../cdktf.json';
import { messageOf, UserError } from '../../errors';
import { run, type Shell } from '../process';
import { type LocalHome, projectRoot } from './home';
import { ProgressCounter } from './progress';

/** The file of the `cdktf` command: called by path, it needs no npx. */
export const cdktfCommand = join(projectRoot, 'node_modules', 'cdktf-cli', 'bundle', 'bin', 'cdktf');

export interface DeployOptions {
  readonly home: LocalHome;
  /** The environment variables, pointing at the local cloud. */
  readonly shell: Shell;
  /** Called with a few words whenever something happened. */
  readonly onProgress: (words: string) => void;
}

/** Synthesizes all stacks. @throws UserError with what the application said. */
export async function synthesize({ home, shell }: Omit<DeployOptions, 'onProgress'>): Promise<void> {
  const result = await run(process.execPath, ['-r', 'sucrase/register/ts', 'main.ts'], {
    cwd: projectRoot,
    shell: {
      ...shell,
      CDKTF_OUTDIR: home.outputFolder(shell),
      // The CLI hands the context over like this; calling the application itself saves its four seconds.
      CDKTF_CONTEXT_JSON: JSON.stringify(cdktf.context),
    },
  });
  if (result.code !== 0) throw new UserError(`the stacks could not be synthesized: ${result.output}`);
}

/**
 * Deploys stacks that were synthesized, by the real `cdktf deploy`.
 * @throws UserError with Terraform's own words, and where the whole output is.
 */
export async function deploy(stacks: readonly string[], options: DeployOptions): Promise<void> {
  const { home, shell, onProgress } = options;
  const logFile = home.path('logs', `deploy-${stacks.join('-')}.log`);
  const counter = new ProgressCounter();
  const result = await run(
    process.execPath,
    [
      cdktfCommand,
      'deploy',
      ...stacks,
      '--skip-synth',
      '--auto-approve',
      '--skip-provider-lock',
      '--output',
      home.outputFolder(shell),
    ],
    {
      cwd: projectRoot,
      shell: { ...shell, CI: '1', FORCE_COLOR: '0' },
      logFile,
      onLine: (line) => {
        const words = counter.read(line);
        if (words !== undefined) onProgress(words);
      },
    },
  ).catch((error: unknown) => {
    throw new UserError(`cdktf could not be started: ${messageOf(error)}; next: npm ci`);
  });
  if (result.code !== 0)
    throw new UserError(`cdktf deploy ${stacks.join(' ')} failed${reasonIn(result.output, logFile)}`);
}

function reasonIn(output: string, logFile: string): string {
  const lines = output.split('\n').map((line) => line.replace(/^.*?[│|╷╵]\s?/, '').trimEnd());
  const first = lines.findIndex((line) => line.includes('Error:'));
  const reason = (first < 0 ? lines.slice(-5) : lines.slice(first, first + 12)).filter((line) => line !== '');
  return `:\n  ${reason.join('\n  ')}\n  (all of it: ${logFile})`;
}
