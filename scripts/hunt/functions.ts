import {
  GetFunctionCommand,
  LambdaClient,
  paginateListFunctions,
  paginateListVersionsByFunction,
} from '@aws-sdk/client-lambda';
import type { CloudRecord } from '../../cli/local/home';
import { type HuntedAccount, regionsOf, rootOf } from './accounts';
import { download } from './download';
import type { Artefact } from './secret-hunt';

/** @returns the configuration, and the package if there is one, of every version of every function of an account. */
export async function* functions(record: CloudRecord, account: HuntedAccount): AsyncGenerator<Artefact> {
  for (const region of regionsOf(account)) {
    const client = new LambdaClient(rootOf(record, account, region));
    for await (const { Functions = [] } of paginateListFunctions({ client }, {}))
      for (const { FunctionName = '' } of Functions) yield* versionsOf(client, FunctionName);
  }
}

async function* versionsOf(client: LambdaClient, FunctionName: string): AsyncGenerator<Artefact> {
  for await (const { Versions = [] } of paginateListVersionsByFunction({ client }, { FunctionName })) {
    for (const { FunctionArn = '', Version: Qualifier, RevisionId } of Versions) {
      const { Configuration, Code } = await client.send(new GetFunctionCommand({ FunctionName, Qualifier }));
      const name = `${FunctionArn}, version ${Qualifier}, revision ${RevisionId}`;
      yield { name: `configuration of ${name}`, read: () => [Buffer.from(JSON.stringify(Configuration))] };
      // The code of an image is in ECR.
      if (Configuration?.PackageType !== 'Image')
        yield { name: `package of ${name}`, read: () => download(Code?.Location) };
    }
  }
}
