import {
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  DescribeLogGroupsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListBucketsCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import {
  DeleteParameterCommand,
  GetParametersByPathCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { endpointOf } from '../../cli/local/server';
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

  describe('no secret value', () => {
    let values: readonly string[] = [];
    beforeAll(async () => {
      values = [...(await secretValues(project, 'prod')), ...(await secretValues(project, 'dev'))];
      expect(values).toHaveLength(10);
    });

    const expectClean = (text: string, where: string) => {
      for (const [index, value] of values.entries()) {
        for (const form of [value, Buffer.from(value).toString('base64').replace(/=+$/, '')]) {
          if (text.includes(form)) throw new Error(`secret ${index} is in ${where}`);
        }
      }
    };

    it('is in a synthesized file, a plan file, a log or a record of the local cloud', () => {
      const files = readdirSync(project.home.folder, { recursive: true, withFileTypes: true }).filter(
        (file) => file.isFile(),
      );
      const texts = files.filter(
        ({ name, parentPath }) => !parentPath.includes('/.terraform/') && name !== 'terraform.tfrc',
      );
      expect(texts.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['cdk.tf.json', 'plan', 'cloud.log']),
      );
      for (const { name, parentPath } of texts) {
        const content = readFileSync(join(parentPath, name));
        expectClean(content.toString('latin1'), join(parentPath, name));
        for (const entry of zipEntries(content)) expectClean(entry, `${join(parentPath, name)} (unpacked)`);
      }
    });

    it('is in terraform show -json of the plan and of the state', async () => {
      expectClean(await project.showPlan('kairos-prod'), 'the plan');
      const places = [
        { stack: 'kairos-prod', looker: project },
        { stack: 'kairos-foundation', looker: e2eCloud.filledProject() },
      ];
      for (const { stack, looker } of places) {
        const { output } = expectSuccess(await looker.terraform(stack, ['show', '-json']));
        expectClean(output, `the state of ${stack}`);
      }
    });

    it('is in any version of any object of the state buckets', async () => {
      const { Buckets } = await aws.s3.send(new ListBucketsCommand({}));
      let looked = 0;
      for (const { Name } of Buckets ?? []) {
        const { Versions } = await aws.s3.send(new ListObjectVersionsCommand({ Bucket: Name }));
        for (const { Key, VersionId } of Versions ?? []) {
          const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: Name, Key, VersionId }));
          expectClean((await Body?.transformToString()) ?? '', `${Name ?? ''}/${Key ?? ''}`);
          looked += 1;
        }
      }
      expect(looked).toBeGreaterThanOrEqual(2);
    });

    it("is in the function's configuration", async () => {
      const found = await aws.lambda.send(new GetFunctionCommand({ FunctionName: 'kairos-prod' }));
      expect(Object.keys(found.Configuration?.Environment?.Variables ?? {})).toContain(
        'KAIROS_PARAMETER_PATH',
      );
      expectClean(JSON.stringify(found), "the function's configuration");
    });

    it('is in a log group', async () => {
      const { logGroups } = await aws.logs.send(new DescribeLogGroupsCommand({}));
      expect(logGroups?.length).toBeGreaterThanOrEqual(2);
      for (const { logGroupName } of logGroups ?? []) {
        const streams = await aws.logs.send(new DescribeLogStreamsCommand({ logGroupName }));
        if (streams.logStreams?.length === 0) continue;
        const { events } = await aws.logs.send(new FilterLogEventsCommand({ logGroupName }));
        expectClean(JSON.stringify(events), logGroupName ?? '');
      }
    });
  });
}

/** @returns the unpacked entries of a zip, such as a plan file; nothing for any other file. */
function zipEntries(content: Buffer): readonly string[] {
  const entries: string[] = [];
  const signature = Buffer.from('PK\u0001\u0002', 'latin1');
  for (let at = content.indexOf(signature); at >= 0; at = content.indexOf(signature, at + 4)) {
    const [size, offset] = [content.readUInt32LE(at + 20), content.readUInt32LE(at + 42)];
    const start = offset + 30 + content.readUInt16LE(offset + 26) + content.readUInt16LE(offset + 28);
    const packed = content.subarray(start, start + size);
    entries.push((content.readUInt16LE(at + 10) === 0 ? packed : inflateRawSync(packed)).toString('latin1'));
  }
  return entries;
}
