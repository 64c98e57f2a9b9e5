import { devNull } from 'node:os';
import type { Shell } from '../process';

/** A group of variables with which a command would not use the local cloud. */
interface Family {
  /** Where its variables are documented. */
  readonly source: string;
  readonly members: RegExp;
  /** Members that change the output of a command, but not its target. */
  readonly harmless: RegExp;
}

const families: readonly Family[] = [
  {
    // Endpoints of single services, FIPS and dual stack, credentials, profiles and their files, certificates.
    source: 'https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html#EVarSettings',
    members: /^AWS_/,
    harmless: /^AWS_(PAGER|CLI_.*|SDK_.*|MAX_ATTEMPTS|RETRY_MODE)$/,
  },
  {
    // The state's backend and the provider have their own endpoint variables: TF_AWS_S3_ENDPOINT.
    source:
      'https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/guides/custom-service-endpoints',
    members: /^TF_AWS_/,
    harmless: /^$/,
  },
  {
    // Another workspace or data folder has another state. Arguments and variables apply to every command.
    source: 'https://developer.hashicorp.com/terraform/cli/config/environment-variables',
    members: /^TF_/,
    harmless: /^TF_(LOG.*|IN_AUTOMATION|PLUGIN_CACHE_.*|REGISTRY_.*|TOKEN_.*)$/,
  },
];

/** Variables that are always unset, because the shell that evaluates the output may not be the one of this process. */
const always = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_ROLE_ARN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_ENDPOINT_URL_S3',
  'AWS_ENDPOINT_URL_STS',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
  'AWS_USE_FIPS_ENDPOINT',
  'AWS_USE_DUALSTACK_ENDPOINT',
  'TF_WORKSPACE',
  'TF_DATA_DIR',
  'TF_CLI_ARGS',
];

/** @returns the names of the variables that would override the variables for the local cloud. */
export function foreignVariables(shell: Shell): readonly string[] {
  const present = Object.keys(shell).filter((name) =>
    families.some(({ members, harmless }) => members.test(name) && !harmless.test(name)),
  );
  return [...new Set([...always, ...present.sort()])];
}

/** The values that replace them: a default profile can override them just like a named one. */
export const noProfiles = { AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull } as const;

/** Removes them from this process, because its own AWS clients read them, and so do the commands that it runs. */
export function dropForeignVariables(shell: NodeJS.ProcessEnv): void {
  for (const name of foreignVariables(shell)) Reflect.deleteProperty(shell, name);
  Object.assign(shell, noProfiles);
}

const loopback = ['127.0.0.1', 'localhost'];

/** @returns the variables that exclude the local cloud from a proxy; none without a proxy. */
export function proxyExceptions(shell: Shell): Readonly<Record<string, string>> {
  if (!Object.keys(shell).some((name) => /^(https?|all)_proxy$/i.test(name))) return {};
  const given = (shell.NO_PROXY ?? shell.no_proxy ?? '').split(',').filter((host) => host !== '');
  const value = [...new Set([...given, ...loopback])].join(',');
  // Programs differ in which of the two they read.
  return { NO_PROXY: value, no_proxy: value };
}
