import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { configuration } from '../../config/environments';
import { namesOf } from '../../config/names';
import { putChangedImage } from '../support/changed-image';
import { inspector, sha256 } from '../support/edge-inspector';
import { Load } from '../support/load';
import { openEdge } from '../support/open-edge';
import { readOriginSecrets } from '../support/origin-secrets';
import { expectSuccess, type Project } from '../support/project';
import { operationsCloud } from '../support/shared-cloud';
import {
  attackLimits,
  describeApiKeys,
  describeAttacks,
  flood,
  frontsOf,
  keyedPath,
  statusWith,
} from './edge-attacks';

const stack = 'kairos-prod';
const edge = { ...configuration.environments.prod.edge };

/** The edge with limits that can be reached, and the attacks against it. */
export function describeUnderAttack(project: Project): void {
  const apiKey = randomBytes(24).toString('hex');
  const changes = {
    'environments.prod.edge': {
      ...edge,
      ...attackLimits,
      // IPv4 and IPv6 in both lists. The next group of tests empties one list, and leaves one IP version in
      // the other.
      allowedAddresses: ['203.0.113.7/32', '2001:db8:1::/48'],
      blockedAddresses: ['198.51.100.0/24', '2001:db8:2::/48'],
      apiKeys: { prefixes: [keyedPath], names: ['API_KEY_PARTNER'] },
    },
  };

  beforeAll(async () => {
    const { ssm } = project.clients();
    const Name = `${namesOf('prod').secretsPath}API_KEY_PARTNER`;
    const KeyId = namesOf('prod').keyAlias;
    await ssm.send(new PutParameterCommand({ Name, KeyId, Type: 'SecureString', Value: apiKey }));
    await project.apply(stack, { changes });
  });

  describeAttacks(project, stack);

  describe('API keys', () => {
    describeApiKeys(project, stack, apiKey);
  });

  it('too many requests get 429', async () => {
    const { refusal } = await flood(project, stack, attackLimits.requestLimit);
    expect(refusal).toEqual([429, { message: 'Too Many Requests' }]);
  });
}

/**
 * The changes of an ordinary week, while 8 clients send requests to production through an edge that limits none of them.
 */
export function describeUnderLoad(project: Project): void {
  const prod = inspector(project, stack);
  const apiKeys = { prefixes: [keyedPath], names: ['API_KEY_MOBILE'] };
  const changes = { 'environments.prod.edge': { ...openEdge, apiKeys, rotation: 2 } };

  beforeAll(() => project.apply(stack, { changes: { 'environments.prod.edge': openEdge } }));

  /** @returns each response during a change whose status was not 200. */
  async function failedDuring(change: () => Promise<unknown>): Promise<readonly string[]> {
    const { edge: url } = await frontsOf(project, stack);
    return (await Load.during(`${url}/docs`, change)).failed;
  }

  it('a new API key, by the documented steps: the foundation, the value, the environment', async () => {
    const withKey = { changes: { 'environments.prod.edge': { ...openEdge, apiKeys } } };
    const input = randomBytes(24).toString('hex');
    const failed = await failedDuring(async () => {
      await operationsCloud.withFoundation(() => project.apply('kairos-foundation', withKey));
      // A start between the steps must not fail at a parameter that has no value yet.
      await restart();
      const set = await project.kairos(['secrets', 'set', 'prod', 'API_KEY_MOBILE'], { input });
      expect(expectSuccess(set).stdout).toContain('API_KEY_MOBILE set, version 2');
      await project.apply(stack, withKey);
    });
    expect(failed).toEqual([]);
    const { edge: url } = await frontsOf(project, stack);
    expect((await fetch(url + keyedPath, { headers: { 'x-api-key': input } })).status).toBe(200);
    expect((await fetch(url + keyedPath)).status).toBe(403);
  });

  it('a rotation replaces one secret, and changes the authorizer, the distribution and nothing else', async () => {
    const before = await readOriginSecrets(project, stack);
    expect(await project.planned(stack, { changes })).toEqual([
      'create-delete terraform_data.Edge_OriginLock_Secret_Slot0_C1806171',
      'update aws_cloudfront_distribution.Edge_Distribution_E594885F',
      'update aws_lambda_function.Edge_OriginLock_Function_96BD7E48',
    ]);
    let printed = '';
    const failed = await failedDuring(async () => {
      printed = (await project.applyPlanned(stack)).output;
    });
    expect(failed).toEqual([]);
    const after = await readOriginSecrets(project, stack);
    expect(after.odd).toBe(before.odd);
    expect(after.even).not.toBe(before.even);
    expect(await prod.sentSecret()).toBe(after.even);
    expect(await prod.admittedHashes()).toEqual([after.even, after.odd].map(sha256));
    for (const secret of [before.even, before.odd, after.even]) expect(printed).not.toContain(secret);
    expect(await statusWith(project, stack, after.even)).toBe(200);
    expect(await statusWith(project, stack, after.odd)).toBe(200);
    expect(await statusWith(project, stack, before.even)).toBe(403);
  });

  it('a rotation by more than one stops the plan, and says what to do', async () => {
    const jump = { 'environments.prod.edge': { ...openEdge, apiKeys, rotation: 4 } };
    await expect(project.planned(stack, { changes: jump })).rejects.toThrow(
      /edge\.rotation is 4 and 2 is deployed/,
    );
  });

  it('a new digest is released, and the next deploy of infrastructure keeps it', async () => {
    const digest = await putChangedImage(project, stack, 'src-released', (folder) => {
      writeFileSync(`${folder}/kairos/released.py`, '# another content\n');
    });
    const failed = await failedDuring(() =>
      project.apply(stack, { changes, shell: { KAIROS_IMAGE_DIGEST: digest } }),
    );
    expect(failed).toEqual([]);
    expect(await project.planned(stack, { changes })).toEqual([]);
  });

  it('API keys are removed by the two documented pull requests, and no request to their paths is refused meanwhile', async () => {
    const { edge: url } = await frontsOf(project, stack);
    const open = { ...apiKeys, prefixes: ['/none'] };
    await project.apply(stack, {
      changes: { 'environments.prod.edge': { ...openEdge, apiKeys: open, rotation: 2 } },
    });
    const without = { changes: { 'environments.prod.edge': { ...openEdge, rotation: 2 } } };
    const { failed } = await Load.during(url + keyedPath, async () => {
      await operationsCloud.withFoundation(() => project.apply('kairos-foundation', without));
      await project.apply(stack, without);
    });
    expect(failed).toEqual([]);
    expect((await fetch(url + keyedPath)).status).toBe(200);
  });

  /** Ends every running environment of the function. AWS can do the same at any time. */
  async function restart(): Promise<void> {
    const { edge: url } = await frontsOf(project, stack);
    await fetch(`${url}/api/v1/probe/exit`);
  }
}
