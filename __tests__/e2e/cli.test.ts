import { createServer } from 'node:net';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { expectSuccess } from '../support/project';
import { e2eCloud } from '../support/shared-cloud';

const project = e2eCloud.project('cli');

beforeAll(() => e2eCloud.filled());

/** A home folder in which no local cloud runs. */
const elsewhere = () => ({ KAIROS_LOCAL_HOME: mkdtempSync(join(tmpdir(), 'kairos-home-')) });

describe('kairos bootstrap', () => {
  it('changes nothing if every bucket exists', async () => {
    const { stdout } = expectSuccess(await project.kairos(['bootstrap', '--json']));
    expect(JSON.parse(stdout)).toEqual(
      ['shared', 'dev', 'staging', 'prod'].map((owner) => ({
        bucket: `kairos-tfstate-992382417038-${owner}`,
        made: false,
      })),
    );
  });

  it('refuses credentials of another account', async () => {
    const shell = { KAIROS_AWS_ACCOUNT_ID: '111122223333' };
    const { code, output } = await project.kairos(['bootstrap'], { shell });
    expect(code).toBe(1);
    expect(output).toContain('belong to account 992382417038, the table says 111122223333');
  });
});

describe('kairos image push', () => {
  it('builds nothing if ECR already has the image, and prints its digest', async () => {
    const { stdout } = expectSuccess(await project.kairos(['image', 'push', '--json']));
    const image = z
      .object({ tag: z.string(), digest: z.string(), pushed: z.boolean() })
      .parse(JSON.parse(stdout));
    expect(image.tag).toMatch(/^src-[0-9a-f]{32}$/);
    expect(image.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(image.pushed).toBe(false);
  });

  it('says how to name a backend if there is none', async () => {
    const { code, output } = await project.kairos(['image', 'push'], {
      shell: { KAIROS_BACKEND_PATH: '/nowhere' },
    });
    expect(code).toBe(1);
    expect(output).toMatch(/no folder \/nowhere .*KAIROS_BACKEND_PATH/);
  });
});

describe('kairos local', () => {
  it('status prints the address of the local cloud', async () => {
    const { stdout } = expectSuccess(await project.kairos(['local', 'status', '--json']));
    expect(JSON.parse(stdout)).toMatchObject({ running: true, port: project.record.port });
  });

  it('env prints the exports for a shell, and nothing else', async () => {
    const { stdout } = expectSuccess(await project.kairos(['local', 'env']));
    for (const line of stdout.split('\n')) expect(line).toMatch(/^(export \w+='[^']*'|unset \w+)$/);
    expect(stdout).toContain(`export AWS_ENDPOINT_URL='http://127.0.0.1:${project.record.port}'`);
  });

  it.each(['env', 'status'])('%s says what to type if no local cloud runs', async (command) => {
    const { code, output } = await project.kairos(['local', command], { shell: elsewhere() });
    expect(code).toBe(1);
    expect(output).toContain('no local cloud runs here');
    expect(output).toContain('next: npm run local');
  });

  it('down does nothing if no local cloud runs', async () => {
    const { stdout } = expectSuccess(await project.kairos(['local', 'down'], { shell: elsewhere() }));
    expect(stdout).toBe('no local cloud runs here');
  });

  it('up refuses an unknown environment', async () => {
    const { code, output } = await project.kairos(['local', 'up', 'production']);
    expect(code).toBe(1);
    expect(output).toContain('there is no environment "production"; the environments are dev, staging, prod');
  });

  it('up reports a port that is in use', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    const shell = { ...elsewhere(), KAIROS_LOCAL_PORT: String(port) };
    const { code, output } = await project.kairos(['local', 'up'], { shell });
    server.close();
    expect(code).toBe(1);
    expect(output).toContain(`port ${port} is taken; choose another in KAIROS_LOCAL_PORT`);
  });

  it('up says what to install if there is no Terraform', async () => {
    const shell = { ...elsewhere(), TERRAFORM_BINARY_NAME: 'terraform-that-is-not-there' };
    const { code, output } = await project.kairos(['local', 'up'], { shell });
    expect(code).toBe(1);
    expect(output).toContain(
      'Terraform 1.11.0 or newer is needed: no "terraform-that-is-not-there" was found; install it',
    );
  });

  it('up says what to install if there is no Python', async () => {
    const shell = { ...elsewhere(), KAIROS_PYTHON: 'python-that-is-not-there', PYENV_ROOT: '/nowhere' };
    const { code, output } = await project.kairos(['local', 'up'], { shell });
    expect(code).toBe(1);
    expect(output).toContain('Python 3.10 or newer is needed: none was found; install one');
  });
});

describe('cdktf', () => {
  it('a synth with a wrong table fails, and lists all of its faults', async () => {
    const result = await project.cdktf(['synth'], {
      changes: { 'environments.prod.function.memory': 1, 'environments.dev.logRetention': 2 },
    });
    expect(result.code).not.toBe(0);
    expect(result.output).toContain('environments.prod.function.memory');
    expect(result.output).toContain('environments.dev.logRetention');
  });
});

describe('a wrong argument', () => {
  it.each([
    [['lokal'], "unknown command 'lokal'"],
    [['local', 'up', '--jsn'], "unknown option '--jsn'"],
    [['secrets', 'set'], "missing required argument 'environment'"],
  ])('%j is named in the error, and the exit code is 1', async (args, words) => {
    const { code, output } = await project.kairos(args);
    expect(code).toBe(1);
    expect(output).toContain(words);
  });
});
