import { createHash } from 'node:crypto';
import { zipSync } from 'fflate';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Shell } from '../../../../cli/process';
import { ensurePython } from '../../../../cli/tools/python';
import { findTerraform, terraformCommand } from '../../../../cli/tools/terraform';
import {
  fetchedTerraform,
  pinnedRelease,
  type TerraformRelease,
} from '../../../../cli/tools/terraform-release';

const root = resolve(__dirname, '..', '..', '..', '..');

/** A machine with only a shell. */
function freshMachine(): { shell: Shell; bin: string } {
  const home = mkdtempSync(join(tmpdir(), 'kairos-fresh-'));
  const bin = join(home, 'bin');
  mkdirSync(bin);
  return { shell: { HOME: home, PATH: bin }, bin };
}

function program(file: string, script: string): string {
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A server with one file and one document. */
class FakeServer {
  readonly asked: string[] = [];
  private readonly server = createServer((request, response) => {
    this.asked.push(request.url ?? '');
    response.end(request.url === '/uv/' ? JSON.stringify(this.document) : this.file);
  });
  document: unknown;

  constructor(private readonly file: Uint8Array) {}

  get digest(): string {
    return createHash('sha256').update(this.file).digest('hex');
  }

  async start(): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
  }
}

describe('a machine without a suitable Terraform', () => {
  const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const says = (version: string) => `echo '{ "terraform_version": "${version}" }'`;
  const hashicorp = new FakeServer(
    zipSync({ 'LICENSE.txt': Buffer.from('none'), terraform: Buffer.from(`#!/bin/sh\n${says('1.11.4')}\n`) }),
  );
  let release: TerraformRelease;

  beforeAll(async () => {
    const server = await hashicorp.start();
    release = { server, version: '1.11.4', archives: { [platform]: hashicorp.digest } };
  });

  afterAll(() => {
    hashicorp.stop();
  });

  async function find(shell: Shell, changed: Partial<TerraformRelease> = {}) {
    const lines: string[] = [];
    const onLine = (line: string) => lines.push(line);
    return { ...(await findTerraform(shell, { onLine, release: { ...release, ...changed } })), lines };
  }

  it('downloads the pinned one into the cache once, and prints a line before', async () => {
    const { shell } = freshMachine();
    const command = fetchedTerraform(shell);
    await expect(find(shell)).resolves.toEqual({
      command,
      version: '1.11.4',
      lines: [`no "terraform" was found: downloading Terraform 1.11.4 from ${release.server}`],
    });
    expect(hashicorp.asked).toEqual([`/terraform/1.11.4/terraform_1.11.4_${platform}.zip`]);
    expect(terraformCommand(shell)).toBe(command);
    await expect(find(shell)).resolves.toEqual({ command, version: '1.11.4', lines: [] });
    expect(hashicorp.asked).toHaveLength(1);
  });

  it('downloads it too if the installed one is too old', async () => {
    const { shell, bin } = freshMachine();
    program(join(bin, 'terraform'), says('1.5.7'));
    const { command, lines } = await find(shell);
    expect(lines[0]).toContain('"terraform" is 1.5.7: downloading Terraform 1.11.4');
    expect(command).toBe(fetchedTerraform(shell));
  });

  it('keeps nothing of an archive with another hash', async () => {
    const { shell } = freshMachine();
    await expect(find(shell, { archives: { [platform]: '0'.repeat(64) } })).rejects.toThrow(
      new RegExp(`has the SHA-256 ${hashicorp.digest}, which is not pinned.*; install it`),
    );
    expect(readdirSync(shell.HOME ?? '')).toEqual(['bin']);
  });

  it('says what to install without a network', async () => {
    const { shell } = freshMachine();
    await expect(find(shell, { server: 'http://127.0.0.1:1' })).rejects.toThrow(
      /Terraform 1\.11\.0 or newer is needed: no "terraform" was found, and it could not be downloaded \(.*\); install it/,
    );
  });

  it('says what to install on a system for which none is pinned', async () => {
    await expect(find(freshMachine().shell, { archives: {} })).rejects.toThrow(
      `no Terraform is pinned for ${platform}); install it`,
    );
  });

  it('does not download one if another Terraform is named', async () => {
    const { shell, bin } = freshMachine();
    const command = program(join(bin, 'mine'), says('1.5.7'));
    await expect(find({ ...shell, TERRAFORM_BINARY_NAME: command })).rejects.toThrow(
      /mine" is 1\.5\.7; install it/,
    );
  });

  it('uses an installed one that is suitable', async () => {
    const { shell, bin } = freshMachine();
    program(join(bin, 'terraform'), says('1.12.0'));
    await expect(find(shell)).resolves.toEqual({ command: 'terraform', version: '1.12.0', lines: [] });
    expect(readdirSync(shell.HOME ?? '')).toEqual(['bin']);
  });

  it('would download the version in mise.toml', () => {
    expect(readFileSync(join(root, 'mise.toml'), 'utf8')).toContain(`terraform = "${pinnedRelease.version}"`);
  });
});

describe('a machine without a suitable Python', () => {
  /** A fake uv that installs a Python into the given folder. */
  const uv = [
    'if [ "$1" = --version ]; then echo uv; exit 0; fi',
    '[ "$*" = "python install 3.12 --install-dir $5" ] || exit 2',
    '/bin/mkdir -p "$5/cpython-3.12.9-test/bin"',
    `printf '#!/bin/sh\\necho 3 12\\n' > "$5/cpython-3.12.9-test/bin/python3"`,
    '/bin/chmod +x "$5/cpython-3.12.9-test/bin/python3"',
  ].join('\n');

  async function find(shell: Shell, options: { index?: string; requirements?: string } = {}) {
    const lines: string[] = [];
    const { command, version } = await ensurePython(shell, [3, 10], {
      ...options,
      onLine: (line) => lines.push(line),
    });
    return { command, version, lines };
  }

  it('downloads one with the installed uv once, and prints a line before', async () => {
    const { shell, bin } = freshMachine();
    program(join(bin, 'uv'), uv);
    const found = await find(shell);
    expect(found.version).toEqual([3, 12]);
    expect(found.command).toContain(join(shell.HOME ?? '', '.cache', 'kairos-infrastructure', 'pythons'));
    expect(found.lines).toEqual(['no Python 3.10 or newer was found: downloading one with uv']);
    expect((await find(shell)).lines).toEqual([]);
  });

  it('says what to install if uv cannot download one', async () => {
    const { shell, bin } = freshMachine();
    program(join(bin, 'uv'), '[ "$1" = --version ] || { echo "error: no network" >&2; exit 1; }');
    await expect(find(shell)).rejects.toThrow(
      /Python 3\.10 or newer is needed: none was found; install one .*; downloading one with uv failed: error: no network/,
    );
  });

  it('does not download one if another Python is named', async () => {
    const { shell, bin } = freshMachine();
    program(join(bin, 'uv'), uv);
    const old = program(join(bin, 'old'), 'echo 3 8');
    await expect(find({ ...shell, KAIROS_PYTHON: old })).rejects.toThrow(/old is 3\.8; install one/);
  });

  describe('that has no uv', () => {
    const system = process.platform === 'darwin' ? 'macosx_11_0' : 'manylinux_2_17';
    const arm = process.platform === 'darwin' ? 'arm64' : 'aarch64';
    const filename = `uv-9.9.9-py3-none-${system}_${process.arch === 'x64' ? 'x86_64' : arm}.whl`;
    const wheel = zipSync({ 'uv-9.9.9.data/scripts/uv': Buffer.from(`#!/bin/sh\n${uv}\n`) });
    /** A PyPI with one version of uv. */
    const pypi = new FakeServer(wheel);
    const digest = pypi.digest;
    let index = '';

    beforeAll(async () => {
      index = await pypi.start();
      pypi.document = {
        files: [
          { filename: filename.replace('9.9.9', '9.9.8'), url: `${index}/older` },
          { filename, url: `${index}/wheel` },
        ],
      };
    });

    afterAll(() => {
      pypi.stop();
    });

    function pinned(hash: string): string {
      const file = join(mkdtempSync(join(tmpdir(), 'kairos-pins-')), 'uv.txt');
      writeFileSync(file, `uv==9.9.9 \\\n    --hash=sha256:${hash}\n`);
      return file;
    }

    it('downloads uv first', async () => {
      const { shell } = freshMachine();
      await expect(find(shell, { index, requirements: pinned(digest) })).resolves.toMatchObject({
        version: [3, 12],
      });
    });

    it('runs no uv with another hash', async () => {
      const { shell } = freshMachine();
      await expect(find(shell, { index, requirements: pinned('0'.repeat(64)) })).rejects.toThrow(
        `${index}/wheel has the SHA-256 ${digest}, which is not pinned`,
      );
      expect(readdirSync(shell.HOME ?? '')).toEqual(['bin']);
    });
  });
});
