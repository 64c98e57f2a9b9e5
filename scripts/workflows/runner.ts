import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Shell } from '../../cli/process';
import { actions } from './actions';

const root = resolve(__dirname, '..', '..');

/** The results of a run's jobs, by name, and their output. */
export interface Run {
  readonly code: number;
  /** `success`, `failure`; a job that did not start is missing. */
  readonly jobs: Readonly<Record<string, string>>;
  /** The jobs in the order in which they ended. */
  readonly order: readonly string[];
  readonly said: string;
}

export interface RunnerProps {
  /** The program act. */
  readonly act: string;
  /** An empty folder, for everything that is written. */
  readonly folder: string;
  /** The git repository whose workflows run. */
  readonly project: string;
  /** The folder of the other repositories that jobs check out, by `owner/name`. */
  readonly repositories: string;
  /** The environment variables of a job's programs, in addition to those of act. */
  readonly shell: Shell;
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Called after each run with act's command line, before the next run deletes the artifacts. */
  readonly ended: (run: Run, commandLine: string) => Promise<void>;
}

const lineSchema = z.object({
  jobID: z.string().optional(),
  job: z.string().optional(),
  jobResult: z.string().optional(),
  msg: z.string().optional(),
});

const usesSchema = z.object({
  jobs: z.record(
    z.string(),
    z.object({ steps: z.array(z.object({ uses: z.string().optional() })).default([]) }),
  ),
});

/** A machine that runs the unchanged workflows with act, in its own shell: no container, no network. */
export class Runner {
  /** What jobs pass on to each other. */
  readonly artifacts: string;
  private readonly path: string;

  /** The working folder of the jobs. */
  readonly folder: string;

  constructor(private readonly props: RunnerProps) {
    this.folder = props.folder;
    this.artifacts = join(props.folder, 'artifacts');
    this.path = this.writePrograms();
    for (const [name, text] of Object.entries(actions({ ...props, root, artifacts: this.artifacts })))
      this.write(join('actions', name, 'action.yml'), text);
  }

  /**
   * @param event such as `push`. @param payload what GitHub would send with it.
   * @param inputs of `workflow_dispatch`.
   */
  async run(
    workflow: string,
    event: string,
    payload: Readonly<Record<string, unknown>>,
    inputs: Readonly<Record<string, string>> = {},
  ): Promise<Run> {
    rmSync(this.artifacts, { recursive: true, force: true });
    mkdirSync(this.artifacts);
    const sent = Object.keys(inputs).length === 0 ? payload : { ...payload, inputs };
    const file = this.write('event.json', JSON.stringify(sent));
    const { act, project, folder, variables, secrets } = this.props;
    const args = [
      ...[event, '-W', join('.github', 'workflows', workflow), '-e', file, '--json'],
      ...['-P', 'ubuntu-24.04=-self-hosted', '--no-cache-server', '--pull=false', '--concurrent-jobs', '2'],
      ...Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}=${value}`]),
      // Every process of the machine can read a command line, so the values are in act's environment.
      ...Object.keys(secrets).flatMap((name) => ['-s', name]),
      ...Object.entries(inputs).flatMap(([name, value]) => ['--input', `${name}=${value}`]),
      ...this.localActions(),
    ];
    const env = { ...secrets, PATH: this.path, HOME: join(folder, 'machine') };
    mkdirSync(env.HOME, { recursive: true });
    const run = await this.follow(spawn(act, args, { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] }));
    await this.props.ended(run, args.join(' '));
    return run;
  }

  /** @returns the artifacts of a run, by name. */
  kept(): Readonly<Record<string, Readonly<Record<string, string>>>> {
    return Object.fromEntries(
      readdirSync(this.artifacts).map((name) => [
        name,
        Object.fromEntries(
          readdirSync(join(this.artifacts, name)).map((file) => [
            file,
            readFileSync(join(this.artifacts, name, file), 'utf8'),
          ]),
        ),
      ]),
    );
  }

  private follow(child: ReturnType<typeof spawn>): Promise<Run> {
    const jobs: Record<string, string> = {};
    const order: string[] = [];
    let said = '';
    let rest = '';
    const take = (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const {
          job: padded = '',
          jobResult,
          msg = '',
        } = lineSchema.safeParse(jsonOf(line)).data ?? { msg: line };
        const job = padded.trim();
        if (jobResult !== undefined) {
          jobs[job] = jobResult;
          order.push(job);
        }
        said += `${job}: ${msg}\n`;
      }
    };
    child.stdout?.on('data', (chunk: Buffer) => {
      take(chunk.toString());
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    return new Promise((resolved, rejected) => {
      child.once('error', rejected);
      child.once('close', (code) => {
        resolved({ code: code ?? 1, jobs, order, said });
      });
    });
  }

  /** Each third-party action at the commit that the workflows pin. */
  private localActions(): readonly string[] {
    const folder = join(this.props.project, '.github', 'workflows');
    const uses = readdirSync(folder).flatMap((file) =>
      Object.values(usesSchema.parse(parse(readFileSync(join(folder, file), 'utf8'))).jobs).flatMap(
        ({ steps }) => steps.flatMap((step) => step.uses ?? []),
      ),
    );
    return [...new Set(uses)]
      .filter((name) => !name.startsWith('./'))
      .flatMap((name) => [
        '--local-repository',
        `${name}=${join(this.props.folder, 'actions', name.split('@')[0] ?? '')}`,
      ]);
  }

  /** `node` with the environment of the cloud, which act would not pass on, and an `npm ci` that does nothing. */
  private writePrograms(): string {
    const exported = Object.entries(this.props.shell)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `export ${name}='${(value ?? '').replaceAll("'", `'\\''`)}'\n`)
      .join('');
    const programs = {
      node: `${exported}exec ${process.execPath} "$@"\n`,
      npm: `[ "$1" = ci ] && exec ln -sfn ${join(root, 'node_modules')} node_modules\necho "npm $*?" >&2; exit 1\n`,
    };
    for (const [name, text] of Object.entries(programs))
      chmodSync(this.write(join('bin', name), `#!/bin/sh\n${text}`), 0o755);
    return `${join(this.props.folder, 'bin')}:${process.env.PATH ?? ''}`;
  }

  private write(name: string, text: string): string {
    const file = join(this.props.folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // some of act's output is plain text
  }
}
