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

/** A machine that has a shell and nothing else. */
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

/** A server that has one file and one document. */
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

describe('a machine without a Terraform that will do', () => {
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

  it('fetches the pinned one into the cache, after one line that says so, and does it once', async () => {
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

  it('of which the own one is too old does the same', async () => {
    const { shell, bin } = freshMachine();
    program(join(bin, 'terraform'), says('1.5.7'));
    const { command, lines } = await find(shell);
    expect(lines[0]).toContain('"terraform" is 1.5.7: downloading Terraform 1.11.4');
    expect(command).toBe(fetchedTerraform(shell));
  });

  it('keeps nothing of an archive that is not the pinned one', async () => {
    const { shell } = freshMachine();
    await expect(find(shell, { archives: { [platform]: '0'.repeat(64) } })).rejects.toThrow(
      new RegExp(`has the SHA-256 ${hashicorp.digest}, which is not pinned.*; install it`),
    );
    expect(readdirSync(shell.HOME ?? '')).toEqual(['bin']);
  });

  it('says what to install when there is no network', async () => {
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

  it('is not overruled where a Terraform is named', async () => {
    const { shell, bin } = freshMachine();
    const command = program(join(bin, 'mine'), says('1.5.7'));
    await expect(find({ ...shell, TERRAFORM_BINARY_NAME: command })).rejects.toThrow(
      /mine" is 1\.5\.7; install it/,
    );
  });

  it('of its own is left alone when that will do', async () => {
    const { shell, bin } = freshMachine();
    program(join(bin, 'terraform'), says('1.12.0'));
    await expect(find(shell)).resolves.toEqual({ command: 'terraform', version: '1.12.0', lines: [] });
    expect(readdirSync(shell.HOME ?? '')).toEqual(['bin']);
  });

  it('would get the version that mise.toml names', () => {
    expect(readFileSync(join(root, 'mise.toml'), 'utf8')).toContain(`terraform = "${pinnedRelease.version}"`);
  });
});

describe('a machine without a Python that will do', () => {
  /** An installer that makes a Python where it is told to. */
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

  it('gets one by its own uv, after one line that says so, and does it once', async () => {
    const { shell, bin } = freshMachine();
    program(join(bin, 'uv'), uv);
    const found = await find(shell);
    expect(found.version).toEqual([3, 12]);
    expect(found.command).toContain(join(shell.HOME ?? '', '.cache', 'kairos-infrastructure', 'pythons'));
    expect(found.lines).toEqual(['no Python 3.10 or newer was found: downloading one with uv']);
    expect((await find(shell)).lines).toEqual([]);
  });

  it('says what to install when uv cannot fetch one', async () => {
    const { shell, bin } = freshMachine();
    program(join(bin, 'uv'), '[ "$1" = --version ] || { echo "error: no network" >&2; exit 1; }');
    await expect(find(shell)).rejects.toThrow(
      /Python 3\.10 or newer is needed: none was found; install one .*; downloading one with uv failed: error: no network/,
    );
  });

  it('is not overruled where a Python is named', async () => {
    const { shell, bin } = freshMachine();
    program(join(bin, 'uv'), uv);
    const old = program(join(bin, 'old'), 'echo 3 8');
    await expect(find({ ...shell, KAIROS_PYTHON: old })).rejects.toThrow(/old is 3\.8; install one/);
  });

  describe('and without uv', () => {
    const system = process.platform === 'darwin' ? 'macosx_11_0' : 'manylinux_2_17';
    const arm = process.platform === 'darwin' ? 'arm64' : 'aarch64';
    const filename = `uv-9.9.9-py3-none-${system}_${process.arch === 'x64' ? 'x86_64' : arm}.whl`;
    const wheel = zipSync({ 'uv-9.9.9.data/scripts/uv': Buffer.from(`#!/bin/sh\n${uv}\n`) });
    /** PyPI as far as one version of uv goes. */
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

    it('gets that first', async () => {
      const { shell } = freshMachine();
      await expect(find(shell, { index, requirements: pinned(digest) })).resolves.toMatchObject({
        version: [3, 12],
      });
    });

    it('runs none that is not pinned', async () => {
      const { shell } = freshMachine();
      await expect(find(shell, { index, requirements: pinned('0'.repeat(64)) })).rejects.toThrow(
        `${index}/wheel has the SHA-256 ${digest}, which is not pinned`,
      );
      expect(readdirSync(shell.HOME ?? '')).toEqual(['bin']);
    });
  });
});
