import { CreateAliasCommand, CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { secretChanges } from '../../cli/pipeline/unread-secrets';
import { namesOf } from '../../config/names';
import type { SynthesizedResource } from '../../cli/synthesized-resources';
import { BareCloud } from '../support/bare-cloud';

const { secretsPath, keyAlias } = namesOf('dev');
const names = ['SECRET_KEY', 'MONGO_HOST'] as const;
const value = 'never-to-be-read';

/** The parameters as the foundation is synthesized. */
const resources: readonly SynthesizedResource[] = [
  { type: 'aws_ecr_repository', address: 'aws_ecr_repository.Images', body: { name: 'kairos' } },
  ...names.map((name) => ({
    type: 'aws_ssm_parameter',
    address: `aws_ssm_parameter.${name}`,
    body: { name: `${secretsPath}${name}`, type: 'SecureString' },
  })),
];

let cloud: BareCloud;
let ssm: SSMClient;
beforeAll(async () => {
  cloud = await BareCloud.up();
  ssm = new SSMClient(cloud.clientOptions);
});
beforeEach(async () => {
  await cloud.reset();
  const kms = new KMSClient(cloud.clientOptions);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  await kms.send(new CreateAliasCommand({ AliasName: keyAlias, TargetKeyId: KeyMetadata?.KeyId }));
  for (const name of names) await put(name, 'SecureString', keyAlias);
});
afterAll(async () => {
  await cloud.down();
});

async function put(name: string, Type: 'SecureString' | 'String', KeyId?: string): Promise<void> {
  const Name = `${secretsPath}${name}`;
  await ssm.send(new PutParameterCommand({ Name, Type, KeyId, Value: value, Overwrite: true }));
}

describe('the check of secrets whose values are not read', () => {
  it('reports nothing while they exist, encrypted with the key of their environment', async () => {
    expect(await secretChanges(ssm, resources)).toEqual([]);
  });

  it('reports one that does not exist', async () => {
    await ssm.send(new DeleteParameterCommand({ Name: `${secretsPath}SECRET_KEY` }));
    expect(await secretChanges(ssm, resources)).toMatchObject([
      { address: 'aws_ssm_parameter.SECRET_KEY', change: { actions: ['create'], before: null } },
    ]);
  });

  it.each([
    ['that is not encrypted', 'String', undefined],
    ['that is encrypted with another key', 'SecureString', 'alias/aws/ssm'],
  ] as const)('reports one %s', async (_, type, key) => {
    await ssm.send(new DeleteParameterCommand({ Name: `${secretsPath}MONGO_HOST` }));
    await put('MONGO_HOST', type, key);
    const changes = await secretChanges(ssm, resources);
    expect(changes).toMatchObject([
      {
        address: 'aws_ssm_parameter.MONGO_HOST',
        type: 'aws_ssm_parameter',
        change: {
          actions: ['update'],
          before: { type, key_id: key },
          after: { type: 'SecureString', key_id: keyAlias },
        },
      },
    ]);
    expect(JSON.stringify(changes)).not.toContain(value);
  });
});
