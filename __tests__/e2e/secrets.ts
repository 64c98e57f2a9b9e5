import { GetFunctionCommand } from '@aws-sdk/client-lambda';
import {
  DeleteParameterCommand,
  GetParametersByPathCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { endpointOf } from '../../cli/local/server';
import { filesBelow } from '../../scripts/hunt/files';
import { functions } from '../../scripts/hunt/functions';
import { logStreams } from '../../scripts/hunt/log-streams';
import { type Artefact, SecretHunt } from '../../scripts/hunt/secret-hunt';
import { storedStates } from '../../scripts/hunt/stored-states';
import { assume, secretValues } from '../support/aws';
import { expectSuccess, type Project } from '../support/project';
import { e2eCloud } from '../support/shared-cloud';

/** The secrets of an environment. No test before this one has set any of them again. */
export function describeSecrets(project: Project): void {
  const aws = project.clients();

  describe('kairos secrets', () => {
    it('check lists names, versions and age without a value, and needs no permission to decrypt', async () => {
      const values = await secretValues(project, 'prod');
      const { output, stdout } = expectSuccess(await project.kairos(['secrets', 'check', 'prod', '--json']));
      for (const value of values) expect(output).not.toContain(value);
      expect(JSON.parse(stdout)).toEqual(
        expect.arrayContaining([expect.objectContaining({ name: 'SECRET_KEY', version: 2, isSet: true })]),
      );
    });

    it('check names the secrets that were never set, with another exit code', async () => {
      // As the foundation creates it: a parameter at its first version.
      const Name = '/kairos/dev/secrets/API_KEY_NEVER_SET';
      const KeyId = 'alias/kairos-dev';
      await aws.ssm.send(new PutParameterCommand({ Name, KeyId, Type: 'SecureString', Value: 'unset' }));
      const { code, output } = await project.kairos(['secrets', 'check', 'dev']);
      expect(code).toBe(1);
      expect(output).toContain('unset: API_KEY_NEVER_SET');
      await aws.ssm.send(new DeleteParameterCommand({ Name }));
    });

    it('set refuses all bad values at once, writes none, and shows none', async () => {
      const given = ['SECRET_KEY', 'MONGO_HOST', 'RESEND_API_KEY'];
      const versions = async () => {
        const { stdout } = await project.kairos(['secrets', 'check', 'staging', '--json']);
        const found = z.array(z.object({ name: z.string(), version: z.number() })).parse(JSON.parse(stdout));
        return found.filter(({ name }) => given.includes(name));
      };
      const before = await versions();
      expect(before).toHaveLength(given.length);
      const input = 'SECRET_KEY=tooshort\nMONGO_HOST=10.9.8.7\nRESEND_API_KEY=re_fine\n';
      const { code, output } = await project.kairos(['secrets', 'set', 'staging'], { input });
      expect(code).toBe(1);
      expect(output).toContain('SECRET_KEY has 8 characters');
      expect(output).toContain('MONGO_HOST is not a bare DNS name');
      expect(output).not.toMatch(/tooshort|10\.9\.8\.7|re_fine/);
      expect(await versions()).toEqual(before);
    });

    it('set refuses an unknown environment and lists the known ones', async () => {
      const { code, output } = await project.kairos(['secrets', 'set', 'production'], { input: 'x' });
      expect(code).toBe(1);
      expect(output).toContain('the environments are dev, staging, prod');
    });
  });

  describe('the execution role of prod', () => {
    it('reads the parameters of its own environment, and is denied those of another', async () => {
      const { Configuration } = await aws.lambda.send(
        new GetFunctionCommand({ FunctionName: 'kairos-prod' }),
      );
      const credentials = await assume(aws.sts, Configuration?.Role ?? '');
      const ssm = new SSMClient({
        region: project.record.region,
        endpoint: endpointOf(project.record),
        credentials,
      });
      const read = (environment: string) =>
        ssm.send(
          new GetParametersByPathCommand({
            Path: `/kairos/${environment}/secrets/`,
            Recursive: true,
            WithDecryption: true,
          }),
        );
      expect((await read('prod')).Parameters?.length).toBeGreaterThan(0);
      await expect(read('staging')).rejects.toThrow(/not authorized to perform: ssm:GetParametersByPath/);
    });
  });

  it('no secret value is in anything that deploys leave: files, plans, states, logs, functions', async () => {
    const hunt = new SecretHunt();
    for (const environment of ['prod', 'dev']) {
      const values = await secretValues(project, environment);
      expect(values).toHaveLength(5);
      for (const [index, value] of values.entries()) {
        const name = `secret ${index} of ${environment}`;
        know(hunt, name, value);
        know(hunt, `${name} in Base64`, Buffer.from(value).toString('base64').replace(/=+$/, ''));
      }
    }
    // It is in everything, so it shows what was searched.
    const shown = 'kairos-prod';
    know(hunt, shown, shown);

    const { found, unopened } = await hunt.search(left(project));

    expect({ secrets: found.filter((line) => !line.startsWith(`${shown} is in `)), unopened }).toEqual({
      secrets: [],
      unopened: [],
    });
    const searched = [
      /\/kairos-prod\/cdk\.tf\.json of /,
      /\/kairos-prod\/plan of /,
      /the log of the local cloud$/,
      /the plan of kairos-prod$/,
      /the state of kairos-prod$/,
      /the state of kairos-foundation$/,
      /s3:\/\/kairos-tfstate-\d+-prod\/kairos-prod\.tfstate, version /,
      /log stream \S+ of \/aws\/lambda\/kairos-prod /,
      /configuration of arn:aws:lambda:\S+:function:kairos-prod/,
    ];
    expect(found).toEqual(
      expect.arrayContaining(searched.map((place) => expect.stringMatching(place) as unknown)),
    );
  });
}

/** Searches for a value as a whole: pieces of a short value occur by chance. */
function know(hunt: SecretHunt, name: string, value: string): void {
  hunt.know(new Map([[name, value]]), value.length);
}

/** @returns what was written by this file, by the start of the cloud, and to AWS. */
async function* left(project: Project): AsyncGenerator<Artefact> {
  const { home, record, outputFolder } = project;
  const filled = e2eCloud.filledProject();
  for (const folder of [outputFolder, filled.outputFolder, home.path('cdktf.out')]) yield* filesBelow(folder);
  yield { name: 'the log of the local cloud', read: () => createReadStream(home.log) };
  yield text('the plan of kairos-prod', await project.showPlan('kairos-prod'));
  for (const [stack, looker] of [
    ['kairos-prod', project],
    ['kairos-foundation', filled],
  ] as const) {
    const { stdout } = expectSuccess(await looker.terraform(stack, ['show', '-json']));
    yield text(`the state of ${stack}`, stdout);
  }
  yield* storedStates(record, record);
  yield* logStreams(record, record);
  yield* functions(record, record);
}

function text(name: string, content: string): Artefact {
  return { name, read: () => [Buffer.from(content)] };
}
