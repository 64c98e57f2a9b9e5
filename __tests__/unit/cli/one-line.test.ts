import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { kairosCommand } from '../../../cli/commands';

/** @returns the output of the command for a wrong line. */
async function said(...args: readonly string[]): Promise<string> {
  const printed: string[] = [];
  const write = jest
    .spyOn(process.stderr, 'write')
    .mockImplementation((text) => printed.push(String(text)) > 0);
  const exit = jest.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('exits');
  });
  try {
    const program = await kairosCommand(args);
    await expect(program.parseAsync([...args], { from: 'user' })).rejects.toThrow('exits');
  } finally {
    write.mockRestore();
    exit.mockRestore();
  }
  return printed.join('');
}

describe('an error about a wrong argument is one line', () => {
  it.each([
    [['relase', 'dev'], "error: unknown command 'relase'; did you mean release?"],
    [['relase', 'dev', '--digest', 'x'], "error: unknown command 'relase'; did you mean release?"],
    [['nonsense'], "error: unknown command 'nonsense' (--help lists what there is)"],
    [['local', 'dwon'], "error: unknown command 'dwon'; did you mean down?"],
    [['release', 'dev', '--digset', 'x'], "error: unknown option '--digset'; did you mean --digest?"],
    [['local', 'status', '--nope'], "error: unknown option '--nope' (--help lists what there is)"],
    [['secrets', 'set'], "error: missing required argument 'environment' (--help lists what there is)"],
    [['image', 'tag', 'a\nb'], /^error: too many arguments for 'tag'\. .* \(--help lists what there is\)$/],
    [
      ['release', 'dev', '--digest'],
      /^error: option '--digest <.*>' argument missing \(--help lists what there is\)$/,
    ],
  ])('%j', async (args, line) => {
    const text = await said(...args);
    expect(text.endsWith('\n')).toBe(true);
    expect(text.trimEnd()).not.toContain('\n');
    expect(text.trimEnd()).toMatch(line);
  });
});

it('the help is complete, and on standard output', () => {
  const bin = join(__dirname, '..', '..', '..', 'bin', 'kairos.js');
  expect(execFileSync(process.execPath, [bin, 'release', '--help'], { encoding: 'utf8' })).toContain(
    'Usage: kairos release',
  );
});
