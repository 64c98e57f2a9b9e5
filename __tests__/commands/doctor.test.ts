import { ACMClient, RequestCertificateCommand } from '@aws-sdk/client-acm';
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  CreateHostedZoneCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Readings } from '../../cli/doctor/readings';
import { configuration } from '../../config/environments';
import { secretNames } from '../../config/names';
import { doctorSchema } from '../../cli/schemas/machine';
import { BareCloud } from '../support/bare-cloud';
import { expectSuccess } from '../support/project';

type Examined = Awaited<ReturnType<typeof doctor>>;

let cloud: BareCloud;
beforeAll(async () => {
  // The concurrency of a new account.
  cloud = await BareCloud.up({ KAIROS_LOCAL_CONCURRENCY: '10' });
});
afterAll(async () => {
  await cloud.down();
});

async function doctor(shell = {}) {
  const { code, stdout } = await cloud.kairos(['doctor', 'dev', '--json'], shell);
  const { healthy, checks } = doctorSchema.parse(JSON.parse(stdout));
  return { code, healthy, of: (id: string) => checks.find((check) => check.id === id), checks };
}

describe('kairos doctor, in an empty account', () => {
  let examined: Examined;
  beforeAll(async () => {
    examined = await doctor();
  });

  it('reports each thing that is missing, with what to type', () => {
    const { code, healthy, of } = examined;
    expect({ code, healthy }).toEqual({ code: 1, healthy: false });
    expect(of('buckets')).toMatchObject({ state: 'wrong', advice: 'npx kairos bootstrap' });
    expect(of('foundation')).toMatchObject({
      state: 'wrong',
      advice: 'npx cdktf deploy kairos-foundation',
    });
    expect(of('secrets')).toMatchObject({ state: 'wrong', advice: 'npx cdktf deploy kairos-foundation' });
    expect(of('image')).toMatchObject({ state: 'unknown', advice: 'npx kairos release dev' });
    expect(of('identity-provider')).toMatchObject({
      state: 'unknown',
      advice: 'npx cdktf deploy kairos-foundation',
    });
    expect(of('roles')?.found).toMatch(
      /^no role kairos-foundation-plan, kairos-foundation-deploy, kairos-dev-/,
    );
  });

  it('reports that the ids of the repository are placeholders', () => {
    expect(examined.of('ids')).toMatchObject({
      state: 'wrong',
      advice: expect.stringContaining('gh api repos/OWNER/NAME') as string,
    });
  });

  it('reports a concurrency of 10', () => {
    const { state, found, advice } = examined.of('concurrency') ?? {};
    expect([state, found]).toEqual(['wrong', '10, the table says 1000']);
    expect(advice).toContain('accountConcurrency: 10 in config/environments.ts');
  });

  it('reports that clock, credentials, region and us-east-1 are right', () => {
    const ids = ['clock', 'credentials', 'region', 'us-east-1'];
    expect(ids.map((id) => [id, examined.of(id)?.state])).toEqual(ids.map((id) => [id, 'ok']));
  });

  it('without credentials, says in one line that the account was not checked', async () => {
    const { code, checks } = await doctor({
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
    });
    expect(code).toBe(1);
    expect(checks.filter(({ group }) => !['machine', 'GitHub'].includes(group))).toEqual([
      expect.objectContaining({ id: 'credentials', state: 'wrong' }),
    ]);
  });

  it('wraps no line in 80 columns, and uses no colours in a pipe', async () => {
    const { stdout } = await cloud.kairos(['doctor', 'dev']);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).not.toContain('\u001b');
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining(['machine', 'account', 'kairos-dev', '          npx kairos bootstrap']),
    );
  });
});

describe('what the doctor reads for a domain', () => {
  const domain = 'findkairos.example';
  let readings: Readings;
  beforeAll(() => {
    const clientOptions = { ...cloud.clientOptions, maxAttempts: 1 };
    readings = new Readings({ configuration, clientOptions, caller: 'test' });
  });

  it('is nothing if there is neither a zone nor a certificate', async () => {
    expect(await readings.nameServers(domain)).toBeUndefined();
    expect(await readings.certificate(domain)).toBeUndefined();
  });

  it('is the name servers of the zone with exactly this name', async () => {
    const route53 = new Route53Client(cloud.clientOptions);
    for (const Name of [`${domain}.evil.example`, domain])
      await route53.send(new CreateHostedZoneCommand({ Name, CallerReference: Name }));
    const { HostedZones } = await route53.send(new ListHostedZonesByNameCommand({ DNSName: domain }));
    const { DelegationSet } = await route53.send(
      new GetHostedZoneCommand({ Id: HostedZones?.find(({ Name }) => Name === `${domain}.`)?.Id }),
    );
    expect(await readings.nameServers(domain)).toEqual(DelegationSet?.NameServers);
    expect(DelegationSet?.NameServers?.length).toBeGreaterThan(0);
  });

  it('is the state of the certificate in us-east-1, which CloudFront uses', async () => {
    const request = new RequestCertificateCommand({ DomainName: domain, ValidationMethod: 'DNS' });
    await new ACMClient(cloud.clientOptions).send(request);
    expect(await readings.certificate(domain)).toBeUndefined();
    await new ACMClient({ ...cloud.clientOptions, region: 'us-east-1' }).send(request);
    expect(await readings.certificate(domain)).toMatchObject({
      status: expect.stringMatching(/^(PENDING_VALIDATION|ISSUED)$/) as unknown,
    });
  });
});

describe('kairos doctor, in an account with three faults', () => {
  const prodBucket = 'kairos-tfstate-992382417038-prod';
  let examined: Examined;

  beforeAll(async () => {
    const [s3, ssm] = [new S3Client(cloud.clientOptions), new SSMClient(cloud.clientOptions)];
    expectSuccess(await cloud.kairos(['bootstrap']));
    await new ECRClient(cloud.clientOptions).send(new CreateRepositoryCommand({ repositoryName: 'kairos' }));
    const put = (owner: string, key: string, state: unknown) =>
      s3.send(
        new PutObjectCommand({
          Bucket: `kairos-tfstate-992382417038-${owner}`,
          Key: `${key}.tfstate`,
          Body: JSON.stringify(state),
        }),
      );
    await put('shared', 'kairos-foundation', { serial: 1 });
    const lost = `sha256:${'0'.repeat(64)}`;
    await put('dev', 'kairos-dev', { serial: 1, outputs: { image_digest: { value: lost } } });
    const set = (name: string, Value: string) =>
      ssm.send(
        new PutParameterCommand({
          Name: `/kairos/dev/secrets/${name}`,
          Value,
          Type: 'SecureString',
          Overwrite: true,
        }),
      );
    for (const name of secretNames) await set(name, 'unset');
    for (const name of secretNames.slice(1)) await set(name, 'a value');
    const VersioningConfiguration = { Status: 'Suspended' } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket: prodBucket, VersioningConfiguration }));
    examined = await doctor();
  });

  it('finds the foundation', () => {
    expect(examined.of('foundation')).toMatchObject({
      state: 'ok',
      found: 'deployed, with the repository kairos',
    });
  });

  it('reports which secret was never set', () => {
    expect(examined.of('secrets')).toMatchObject({
      state: 'wrong',
      found: 'unset: SECRET_KEY',
      advice: 'npx kairos secrets set dev SECRET_KEY',
    });
  });

  it('reports that ECR does not have the image of the last apply any more', () => {
    const { state, found } = examined.of('image') ?? {};
    expect(state).toBe('wrong');
    expect(found).toContain('ECR no longer has');
  });

  it('reports which bucket has no versioning', () => {
    expect(examined.of('buckets')).toMatchObject({
      state: 'wrong',
      found: `${prodBucket} keeps no versions`,
      advice: 'npx kairos bootstrap',
    });
  });
});
