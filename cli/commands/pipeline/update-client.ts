import { Command } from 'commander';
import { type EnvironmentName, parseEnvironmentName } from '../../../config/names';
import { UserError } from '../../../errors';
import { openEnvironment } from '../../live/environment';
import { openGitHub } from '../../pipeline/github';
import { print } from '../../terminal';
import { summarizeJob } from './plan';

interface Options {
  readonly repository: string;
  readonly always?: true;
}

export function updateClientCommand(): Command {
  return new Command('update-client')
    .description("notify the clients' repository that the OpenAPI document of an environment has changed")
    .argument('<environment>', 'the environment of the API', parseEnvironmentName)
    .requiredOption('--repository <owner/name>', 'such as findkairos/kairos-api-client-ts')
    .option('--always', 'notify it even if the document has not changed')
    .addHelpText(
      'after',
      `
Example: npx kairos pipeline update-client prod --repository findkairos/client
GITHUB_TOKEN must be a token that may write the contents of that repository: the token of a job may not.
Exit codes: 0 it is notified, or nothing changed; 1 the API has no document, or GitHub refused.`,
    )
    .action(async (name: EnvironmentName, { repository, always }: Options) => {
      const github = openGitHub(process.env);
      const environment = await openEnvironment(name, process.env);
      const { readObject, readState, writeObject } = await import('../../live/state');
      const { readApi, readTold, tellClient } = await import('../../pipeline/client');
      const { Door } = await import('../../smoke/door');
      const { clientRecord, stack } = environment.names;
      const [state, told, door] = await Promise.all([
        readState(environment),
        readObject(environment, clientRecord),
        Door.open(environment.shell),
      ]);
      const url = state?.outputs.url;
      if (url === undefined)
        throw new UserError(`${stack} has no address yet; next: npx kairos release ${name}`);
      const now = await readApi(door, url);
      const options = { repository, now, told: readTold(told?.text), always: always === true };
      const isTold = await tellClient(github, options);
      if (isTold) await writeObject(environment, clientRecord, now);
      const words = isTold
        ? `${repository} was notified of version ${now.version} (OpenAPI document ${now.openapi_sha256.slice(0, 12)})`
        : `the OpenAPI document has not changed since ${repository} was notified (${now.openapi_sha256.slice(0, 12)}); --always notifies it again`;
      print(words);
      summarizeJob(words);
    });
}
