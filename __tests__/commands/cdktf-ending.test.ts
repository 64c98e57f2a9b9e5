import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cdktfCommand } from '../../cli/project';
import { run, type Shell } from '../../cli/process';
import { expectSuccess } from '../support/project';
import { everyTrial } from '../support/trials';
import {
  inPipe,
  inTerminal,
  places,
  readUntil,
  type StartedCommand,
  until,
} from '../support/started-command';

const root = resolve(__dirname, '..', '..');
const app = `${process.execPath} -r ./bin/typescript ${join('__tests__', 'support', 'ending', 'slow-app.ts')}`;

/** One deploy or plan of the slow stack, in a separate folder. */
class Deploy {
  readonly folder = mkdtempSync(join(tmpdir(), 'kairos-cdktf-'));
  readonly shell: Shell = {
    ...process.env,
    SLOW_APP_FOLDER: this.folder,
    TF_CLI_CONFIG_FILE: undefined,
    CHECKPOINT_DISABLE: '1',
    FORCE_COLOR: undefined,
  };
  readonly args: readonly string[];
  readonly options = { shell: this.shell, cwd: root };

  constructor(command: 'deploy' | 'plan' = 'deploy') {
    this.args = [
      cdktfCommand,
      ...(command === 'plan' ? ['plan', 'slow'] : ['deploy', 'slow', '--auto-approve']),
      ...['--skip-provider-lock', '--app', app, '--output', join(this.folder, 'out')],
    ];
  }

  get stateFile(): string {
    return join(this.folder, 'terraform.tfstate');
  }

  /** @returns the resources in the state. */
  get state(): readonly string[] {
    if (!existsSync(this.stateFile)) return [];
    const { resources } = JSON.parse(readFileSync(this.stateFile, 'utf8')) as {
      resources: { name: string }[];
    };
    return resources.map(({ name }) => name).sort();
  }

  get isLocked(): boolean {
    return existsSync(join(this.folder, '.terraform.tfstate.lock.info'));
  }

  /** Kills its Terraform, which is found by its working directory. @returns whether there was one. */
  killTerraform(): boolean {
    const { stdout } = spawnSync('pgrep', ['-x', 'terraform'], { encoding: 'utf8' });
    const here = join(realpathSync(this.folder), 'out', 'stacks', 'slow');
    const found = stdout
      .trim()
      .split('\n')
      .find((pid) => pid !== '' && workingFolder(pid) === here);
    if (found === undefined) return false;
    process.kill(Number(found), 'SIGKILL');
    return true;
  }
}

function workingFolder(pid: string): string | undefined {
  try {
    return realpathSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined; // It has ended in the meantime.
  }
}

/**
 * @returns whether to run a trial here: alternately in a pipe and in a terminal, or everywhere with all
 * trials.
 */
const isIn = (place: string, index: number) => everyTrial || places[index % places.length]?.[0] === place;

describe.each(places)('npx cdktf deploy %s', (place, start) => {
  /** Points of a deploy, each with a condition that the point is reached. */
  const points: readonly (readonly [string, (deploy: Deploy, command: StartedCommand) => boolean])[] = [
    ['init', () => true],
    ['plan', (deploy) => deploy.isLocked],
    ['apply', (_deploy, command) => command.text().includes('local-exec')],
  ];

  it.each(points.filter((_, index) => isIn(place, index)))(
    'fails if terraform %s is killed',
    async (_point, condition) => {
      const deploy = new Deploy();
      const command = start(process.execPath, deploy.args, deploy.options);
      await until(() => condition(deploy, command) && deploy.killTerraform(), command);
      expect(await command.exited).not.toBe(0);
    },
  );

  const rare = everyTrial ? (['SIGQUIT', 'SIGALRM', 'SIGXCPU'] as const) : [];
  const signals = (['SIGINT', 'SIGTERM', 'SIGHUP', ...rare] as const).filter((_, index) =>
    isIn(place, index + 1),
  );
  it.each(signals)('lets Terraform finish and exits with the right code after a %s', async (signal) => {
    const deploy = new Deploy();
    const command = start(process.execPath, deploy.args, deploy.options);
    await until(() => command.text().includes('local-exec'), command);
    process.kill(command.pid, signal);

    expect(await command.exited).toBe(128 + constants.signals[signal]);
    expect(deploy.state).toEqual(['first', 'second']);
    expect(deploy.isLocked).toBe(false);
  });
});

describe.each(everyTrial ? places : [inPipe])('npx cdktf deploy %s', (_, start) => {
  it('lets Terraform finish if the reader has gone, and the next deploy completes', async () => {
    const deploy = new Deploy();
    const command = start(...readUntil('local-exec', process.execPath, deploy.args), deploy.options);

    expect(await command.exited).toBe(128 + constants.signals.SIGPIPE);
    expect(deploy.state).toEqual(['first', 'second']);
    expect(deploy.isLocked).toBe(false);

    writeFileSync(join(deploy.folder, 'go'), '');
    const next = expectSuccess(await run(process.execPath, deploy.args, deploy.options));
    expect(next.output).toMatch(/Apply complete! Resources: 1 added, 0 changed, 1 destroyed/);
  });
});

describe.each(everyTrial ? places : [inTerminal])('npx cdktf plan %s', (_, start) => {
  it('lets Terraform release its lock after a SIGINT', async () => {
    const plan = new Deploy('plan');
    const notes = join(plan.folder, 'notes');
    const shell = {
      ...plan.shell,
      TERRAFORM_BINARY_NAME: join(root, '__tests__', 'support', 'ending', 'terraform.js'),
      FAKE_TERRAFORM_HOLDS: 'plan',
      FAKE_TERRAFORM_NOTES: notes,
    };
    const command = start(process.execPath, plan.args, { ...plan.options, shell });
    await until(() => existsSync(notes), command);
    process.kill(command.pid, 'SIGINT');

    expect(await command.exited).toBe(128 + constants.signals.SIGINT);
    expect(readFileSync(notes, 'utf8')).toBe('plan begun\nplan ended\n');
  });
});

describe('the terminal library of cdktf', () => {
  it('is the one in packages/, for everything that loads it', () => {
    for (const user of ['cdktf-cli', '@cdktf/cli-core']) {
      const found = require.resolve('@cdktf/node-pty-prebuilt-multiarch', {
        paths: [join(root, 'node_modules', user)],
      });
      expect(realpathSync(found)).toBe(join(root, 'packages', 'node-pty', 'index.js'));
    }
  });
});
