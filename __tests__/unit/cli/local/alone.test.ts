import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { endOthers } from '../../../../cli/local/alone';
import { LocalHome } from '../../../../cli/local/home';
import { inPipe, type StartedCommand, until } from '../../../support/started-command';

const root = resolve(__dirname, '..', '..', '..', '..');
const program = join(root, '__tests__', 'support', 'ending', 'alone.ts');

function startOne(home: string): StartedCommand {
  const shell = { ...process.env, KAIROS_LOCAL_HOME: home };
  return inPipe[1](process.execPath, ['-r', './bin/typescript', program], {
    shell,
    cwd: root,
  });
}

const newHome = () => mkdtempSync(join(tmpdir(), 'kairos-alone-'));
const says = (command: StartedCommand, words: string) => () => command.text().includes(words);

describe('two commands in the same home', () => {
  it('run one after the other', async () => {
    const home = newHome();
    const first = startOne(home);
    await until(says(first, 'works'), first);
    const second = startOne(home);
    await until(says(second, `waits for ${first.pid}`), second);
    writeFileSync(join(home, 'go'), '');

    expect([await first.exited, await second.exited]).toEqual([0, 0]);
    expect(readFileSync(join(home, 'notes'), 'utf8').trim().split('\n')).toEqual([
      `${first.pid} begins`,
      `${first.pid} ends`,
      `${second.pid} begins`,
      `${second.pid} ends`,
    ]);
  });

  it('do not wait for a command that was killed', async () => {
    const home = newHome();
    const first = startOne(home);
    await until(says(first, 'works'), first);
    const second = startOne(home);
    await until(says(second, 'waits'), second);
    process.kill(first.pid, 'SIGKILL');
    await until(says(second, 'works'), second);
    writeFileSync(join(home, 'go'), '');
    expect(await second.exited).toBe(0);
  });

  // The command line of another program, such as an editor, can contain the project's name too.
  it('do not wait for another program that has the process id of one that ended', async () => {
    const home = newHome();
    const another = inPipe[1](
      process.execPath,
      ['-e', 'setInterval(() => {}, 1000)', 'kairos', 'local', 'up'],
      {
        shell: process.env,
        cwd: root,
      },
    );
    writeFileSync(join(home, 'up.lock'), `${another.pid} 1000000000`);
    writeFileSync(join(home, 'go'), '');
    const command = startOne(home);
    expect(await command.exited).toBe(0);
    expect(command.text()).not.toContain('waits');
    process.kill(another.pid, 'SIGKILL');
  });

  it('do not wait for an unreadable lock', async () => {
    const home = newHome();
    writeFileSync(join(home, 'up.lock'), '');
    writeFileSync(join(home, 'go'), '');
    expect(await startOne(home).exited).toBe(0);
  });
});

describe('stopping a local cloud', () => {
  it('first stops the command that works in its home, even if Ctrl-Z has suspended it', async () => {
    const home = newHome();
    const first = startOne(home);
    await until(says(first, 'works'), first);
    process.kill(first.pid, 'SIGSTOP');
    const ended: number[] = [];
    await endOthers(new LocalHome({ KAIROS_LOCAL_HOME: home }), (pid) => ended.push(pid));
    expect(ended).toEqual([first.pid]);
    expect(await first.exited).toBe(143);
  });

  it('does not wait if no command runs, or if the home does not exist', async () => {
    const home = newHome();
    for (const folder of [home, join(home, 'none')])
      await endOthers(new LocalHome({ KAIROS_LOCAL_HOME: folder }), () => {
        throw new Error('it waits');
      });
  });
});
