import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  ListAttachedRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateHostedZoneCommand } from '@aws-sdk/client-route-53';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configuration } from '../../config/environments';
import { namesOf } from '../../config/names';
import { policiesOf } from '../../scripts/rights/policies';
import { e2eCloud } from '../support/shared-cloud';
import { describeKnobs } from '../operations/knobs';

const project = e2eCloud.project('staging');
const edge = { ...configuration.environments.staging.edge };
const domain = { name: 'staging.findkairos.com', zone: 'findkairos.com' };

/**
 * Creates a copy of the deploy role of staging, with the additional permissions that the foundation of a
 * table with the domain gives it. That foundation is not applied, because other files of the tier need it
 * with another table.
 * @returns the role's name.
 */
async function createDeployRole(name: typeof domain): Promise<string> {
  await project.synth({ changes: { 'environments.staging.edge': { ...edge, domain: name } } });
  const template = join(project.stackFolder('kairos-foundation'), 'cdk.tf.json');
  const Statement = policiesOf(JSON.parse(readFileSync(template, 'utf8')), 'Deploy-staging')
    .flat()
    .filter(({ Sid }) => ['NewCertificate', 'Record'].includes(Sid));
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });

  const { iam } = project.clients();
  const like = { RoleName: namesOf('staging').deployRole };
  const { Role } = await iam.send(new GetRoleCommand(like));
  const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand(like));
  const RoleName = `${like.RoleName}-domain`;
  const role = {
    RoleName,
    AssumeRolePolicyDocument: decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''),
    PermissionsBoundary: Role?.PermissionsBoundary?.PermissionsBoundaryArn,
  };
  await iam.send(new CreateRoleCommand(role));
  for (const { PolicyArn } of AttachedPolicies ?? [])
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'domain', PolicyDocument }));
  return RoleName;
}

beforeAll(async () => {
  await e2eCloud.filled();
  await project.deployAs(await createDeployRole(domain), 'staging');
});

describe('every setting of an edge, changed and restored', () => {
  beforeAll(async () => {
    const zone = { Name: 'findkairos.com', CallerReference: 'knobs' };
    await project.clients().route53.send(new CreateHostedZoneCommand(zone));
  });

  describeKnobs(project, 'kairos-staging', [
    {
      knobs: 'the edge off',
      changes: {
        'environments.staging.edge': false,
        'environments.staging.observability.healthCheck': false,
      },
    },
    {
      knobs:
        'the edge on again: a domain, API keys, both lists of addresses, limits, login paths, counted rules',
      changes: {
        'environments.staging.edge': {
          ...edge,
          domain,
          apiKeys: { prefixes: ['/api/v1/partners'], names: ['API_KEY_PARTNER'] },
          allowedAddresses: ['203.0.113.7/32', '2001:db8:1::/48'],
          blockedAddresses: ['198.51.100.0/24'],
          requestLimit: 1000,
          loginLimit: 20,
          loginPaths: ['/api/v1/auth/token', '/api/v1/users'],
          countedRules: { common: ['NoUserAgent_HEADER'] },
        },
      },
    },
    {
      knobs:
        'one list with one family, the other empty, a rotation, throttles; API keys, the domain and the health check off',
      changes: {
        'environments.staging.edge': {
          ...edge,
          rotation: 2,
          allowedAddresses: ['2001:db8:1::/48'],
        },
        'environments.staging.gateway.throttlingRateLimit': 100,
        'environments.staging.gateway.throttlingBurstLimit': 200,
        'environments.staging.observability.healthCheck': false,
      },
    },
  ]);
});
