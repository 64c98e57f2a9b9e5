import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import {
  dropForeignVariables,
  foreignVariables,
  noProfiles,
  proxyExceptions,
} from '../../../cli/local/foreign-variables';
import { linesThatPoint, linesThatPointBack } from '../../../cli/local/shell-lines';

describe('a variable that would override the local cloud', () => {
  it.each([
    'AWS_ENDPOINT_URL_S3',
    'AWS_ENDPOINT_URL_CLOUDWATCH_LOGS',
    'AWS_USE_FIPS_ENDPOINT',
    'AWS_USE_DUALSTACK_ENDPOINT',
    'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
    'AWS_S3_ENDPOINT',
    'AWS_PROFILE',
    'AWS_DEFAULT_PROFILE',
    'AWS_CONFIG_FILE',
    'AWS_ROLE_ARN',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    'AWS_CA_BUNDLE',
    'AWS_STS_REGIONAL_ENDPOINTS',
    'TF_AWS_S3_ENDPOINT',
    'TF_DATA_DIR',
    'TF_WORKSPACE',
    'TF_CLI_ARGS',
    'TF_CLI_ARGS_apply',
    'TF_VAR_region',
    'TF_INPUT',
    'TF_REATTACH_PROVIDERS',
  ])('%s is unset', (name) => {
    const shell = { [name]: 'x', PATH: '/bin' };
    dropForeignVariables(shell);
    expect(shell).toEqual({ ...noProfiles, PATH: '/bin' });
  });

  it.each([
    'TF_LOG',
    'AWS_PAGER',
    'TF_PLUGIN_CACHE_DIR',
    'AWSOME',
    'KAIROS_BACKEND_PATH',
    'TERRAFORM_BINARY_NAME',
  ])('%s does not override it and stays', (name) => {
    const shell = { [name]: 'x' };
    dropForeignVariables(shell);
    expect(shell).toEqual({ ...noProfiles, [name]: 'x' });
  });

  it('is unset even if the shell gets it later', () => {
    expect(foreignVariables({})).toEqual(expect.arrayContaining(['AWS_PROFILE', 'TF_WORKSPACE']));
  });

  it('is a proxy, unless loopback is excepted', () => {
    expect(proxyExceptions({})).toEqual({});
    expect(proxyExceptions({ https_proxy: 'http://p:1', NO_PROXY: '.corp,localhost' })).toEqual({
      NO_PROXY: '.corp,localhost,127.0.0.1',
      no_proxy: '.corp,localhost,127.0.0.1',
    });
  });
});

/** @returns the environment of a POSIX shell after it has evaluated the lines of each step. */
function evaluated(
  shell: Record<string, string>,
  ...steps: ((now: Record<string, string>) => readonly string[])[]
) {
  let now = shell;
  for (const step of steps) {
    const script = `${step(now).join('\n')}\nenv -0`;
    const { stdout, stderr, status } = spawnSync('sh', ['-c', script], { env: now, encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const entries = stdout.split('\0').filter((entry) => entry !== '');
    now = Object.fromEntries(
      entries.map((entry) => [entry.split('=', 1)[0] ?? '', entry.replace(/^[^=]*=/, '')]),
    );
    delete now.PWD;
    delete now._;
    delete now.OLDPWD;
    delete now.SHLVL;
  }
  return now;
}

const point = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_PROFILE: undefined, TF_WORKSPACE: undefined };
const there = (now: Record<string, string>) => linesThatPoint(point, now);

describe('a shell that points to the local cloud', () => {
  it('has the variables of the local cloud, and none that point elsewhere', () => {
    const shell = evaluated({ PATH: process.env.PATH ?? '', AWS_PROFILE: 'work' }, there);
    expect(shell).toMatchObject({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
    expect(shell).not.toHaveProperty('AWS_PROFILE');
  });

  it('is unchanged after the variables are unset again, whatever it had, even if they were set twice', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', "'", '"', '$', '`', '\\', '\n', ' ', 'é'),
      maxLength: 8,
    });
    const shells = fc.record(
      { AWS_PROFILE: text, AWS_ENDPOINT_URL: text, OTHER: text },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(shells, fc.boolean(), (held, twice) => {
        const shell = { PATH: process.env.PATH ?? '', ...held };
        expect(evaluated(shell, there, ...(twice ? [there] : []), linesThatPointBack)).toEqual(shell);
      }),
      { numRuns: 40 },
    );
  });

  it('never prints what it had', () => {
    expect(there({ AWS_PROFILE: 's3cr3t', AWS_ENDPOINT_URL: 's3cr3t' }).join()).not.toContain('s3cr3t');
  });

  it('is not changed by --unset if it did not point to the local cloud', () => {
    expect(linesThatPointBack({ AWS_PROFILE: 'work' })).toEqual([]);
  });
});
