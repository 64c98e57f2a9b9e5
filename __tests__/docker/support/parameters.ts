import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { join } from 'node:path';
import { startCloud, stopCloud } from '../../../cli/local/cloud';
import { endpointOf } from '../../../cli/local/server';
import { LocalHome } from '../../../cli/local/home';
import { ensurePythonEnvironment } from '../../../cli/tools/python';
import { root } from './built-image';

/** A local cloud with the parameters of a test. */
export interface ParameterCloud {
  /** The environment variables of a function that reads them. */
  readonly variables: Readonly<Record<string, string>>;
  put(name: string, value: string, type: 'String' | 'SecureString'): Promise<void>;
  /** @returns credentials without any permission. */
  stranger(): Promise<Readonly<Record<string, string>>>;
  stop(): Promise<void>;
}

/** @param folder the home folder of the local cloud. */
export async function openParameterCloud(folder: string): Promise<ParameterCloud> {
  const home = new LocalHome({ KAIROS_LOCAL_HOME: folder });
  const shell = process.env;
  const python = await ensurePythonEnvironment({
    shell,
    requirements: [join(root, 'emulator', 'requirements.txt')],
    minimum: [3, 10],
  });
  const region = 'eu-west-2';
  const record = await startCloud({ home, shell, python, accountId: '000000000000', region });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const options = { region, endpoint: endpointOf(record), credentials };
  const ssm = new SSMClient(options);
  const iam = new IAMClient(options);
  return {
    variables: {
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL: endpointOf(record),
    },
    put: async (name, value, type) => {
      await ssm.send(new PutParameterCommand({ Name: name, Value: value, Type: type, Overwrite: true }));
    },
    stranger: async () => {
      const user = { UserName: 'stranger' };
      await iam.send(new CreateUserCommand(user));
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand(user));
      return {
        AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId ?? '',
        AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey ?? '',
      };
    },
    stop: async () => {
      ssm.destroy();
      iam.destroy();
      await stopCloud(home);
    },
  };
}
