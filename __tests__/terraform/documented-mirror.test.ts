import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The `main.tf` of docs/image.md. */
function documentedConfiguration(): string {
  const text = readFileSync(join(__dirname, '../../docs/image.md'), 'utf8');
  return /main\.tf <<'END'\n([\s\S]*?\n)END\n/.exec(text)?.[1] ?? '';
}

it('contains a main.tf that Terraform can parse', () => {
  // `fmt` only parses, and needs no provider.
  const { status, stdout, stderr } = spawnSync('terraform', ['fmt', '-'], {
    input: documentedConfiguration(),
    encoding: 'utf8',
  });
  // Compares the output too, so that a failure shows it. It may contain warnings about this machine's
  // configuration.
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('Error:') as unknown });
  expect(stdout).toContain('source  = "kreuzwerker/docker"');
});
