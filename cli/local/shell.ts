import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import cdktf from '../../cdktf.json';
import type { Place } from '../../config/account';
import { connectToVariable } from '../address';
import type { Shell } from '../process';
import { projectRoot } from '../project';
import { findProviderMirrors, terraformCommand, writeTerraformConfiguration } from '../tools/terraform';
import { accessKeyOf } from './accounts';
import { localAddresses } from './addresses';
import { foreignVariables, noProfiles, proxyExceptions } from './foreign-variables';
import type { CloudRecord, LocalHome } from './home';
import { endpointOf } from './server';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * What points a shell to a running local cloud. Its APIs and distributions can be called by their names.
 * @param place the account of the credentials, and its region. @default - the local cloud's own
 */
export async function servedVariables(
  record: CloudRecord,
  home: LocalHome,
  shell: Shell,
  place: Pick<Place, 'accountId' | 'region'> = record,
): Promise<Variables> {
  const addresses = await localAddresses(record);
  return {
    ...localVariables(record, home, shell, place),
    KAIROS_CONNECT_TO: connectToVariable(addresses),
  };
}

/** Everything that points a shell to a local cloud. `undefined` unsets a variable that would override these. */
export function localVariables(
  record: CloudRecord,
  home: LocalHome,
  shell: Shell,
  { accountId, region }: Pick<Place, 'accountId' | 'region'> = record,
): Variables {
  const mirrors = findProviderMirrors(shell);
  return {
    ...Object.fromEntries(foreignVariables(shell).map((name) => [name, undefined])),
    ...proxyExceptions(shell),
    ...noProfiles,
    AWS_ENDPOINT_URL: endpointOf(record),
    AWS_ACCESS_KEY_ID: accessKeyOf(record.accountId, accountId),
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    KAIROS_AWS_ACCOUNT_ID: record.accountId,
    KAIROS_AWS_REGION: record.region,
    KAIROS_BACKEND_PATH: backendPath(shell),
    TF_CLI_CONFIG_FILE: writeTerraformConfiguration(home.folder, mirrors),
    // An unpacked mirror is linked. A cache would copy 700 MB first.
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: mirrors.aws === undefined ? undefined : '1',
    ...fetchedTools(shell),
    // Without a network, the CLI's telemetry prints an error after each command.
    CHECKPOINT_DISABLE: '1',
  };
}

/** A downloaded Terraform is not on the path. */
function fetchedTools(shell: Shell): Variables {
  const command = terraformCommand(shell);
  return command === 'terraform' ? {} : { TERRAFORM_BINARY_NAME: command };
}

/** The backend to run: that of the shell's variable, else the checkout next to this project, else the example. */
function backendPath(shell: Shell): string | undefined {
  if (shell.KAIROS_BACKEND_PATH) return resolve(shell.KAIROS_BACKEND_PATH);
  const beside = resolve(projectRoot, cdktf.context.backendPath);
  return existsSync(beside) ? beside : join(projectRoot, 'examples', 'backend');
}
