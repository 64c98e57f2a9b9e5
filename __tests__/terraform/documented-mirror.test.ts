import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the reader of docs/image.md writes into `main.tf`. */
function documentedConfiguration(): string {
  const text = readFileSync(join(__dirname, '../../docs/image.md'), 'utf8');
  return /main\.tf <<'END'\n([\s\S]*?\n)END\n/.exec(text)?.[1] ?? '';
}

it('shows a main.tf that Terraform can read', () => {
  // `fmt` parses, and needs no provider.
  const { status, stdout, stderr } = spawnSync('terraform', ['fmt', '-'], {
    input: documentedConfiguration(),
    encoding: 'utf8',
  });
  // The words are shown beside the code; warnings about this machine's own configuration are among them.
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('Error:') as unknown });
  expect(stdout).toContain('source  = "kreuzwerker/docker"');
});
