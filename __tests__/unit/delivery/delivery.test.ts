import { z } from 'zod';
import { environmentActions, foundationActions } from '../../../aws/actions';
import { configuration } from '../../../config/environments';
import { type EnvironmentName, environmentNames, namesOf, stateBucketName } from '../../../config/names';
import { policyOf } from '../../../cli/rights';
import type { GitHubConfiguration } from '../../../config/types';
import { subjects } from '../../../constructs/delivery/pipeline-role';
import { asIamReads } from '../../../scripts/rights/policies';
import { FoundationStack, type FoundationStackProps } from '../../../stacks/foundation-stack';
import { Template, testApp } from '../../support/template';

const github: GitHubConfiguration = { ownerId: 11, repositoryId: 22, provider: 'make' };

function foundation(
  changed: GitHubConfiguration | undefined = github,
  domains?: FoundationStackProps['domains'],
): Template {
  return Template.of(
    new FoundationStack(testApp(), {
      accountId: configuration.accountId,
      region: configuration.region,
      repository: 'github.com/findkairos/kairos-infrastructure',
      imageRepository: 'kairos',
      github: changed,
      domains,
    }),
  );
}

const statementSchema = z.object({
  sid: z.string(),
  effect: z.string().default('Allow'),
  actions: z.array(z.string()),
  resources: z.array(z.string()).default([]),
  not_resources: z.array(z.string()).default([]),
  condition: z
    .array(z.object({ test: z.string(), variable: z.string(), values: z.array(z.string()) }))
    .default([]),
});
type Statement = z.infer<typeof statementSchema>;

const documentsSchema = z.object({
  data: z.object({
    aws_iam_policy_document: z.record(z.string(), z.object({ statement: z.array(statementSchema) })),
  }),
});
const template = foundation();
const documents = documentsSchema.parse(JSON.parse(template.json)).data.aws_iam_policy_document;

/** @returns the statements of every document whose id begins with this text. */
function statements(begin: string): readonly Statement[] {
  return Object.entries(documents)
    .filter(([id]) => id.startsWith(`Delivery_${begin}`))
    .flatMap(([, { statement }]) => statement);
}

function trustOf(role: string): Statement {
  const [only, ...more] = statements(`${role}_TrustDocument`);
  if (only === undefined || more.length > 0)
    throw new Error(`${role} is trusted in ${more.length + 1} statements`);
  return only;
}

const roles = ['foundation', ...environmentNames];

describe('the trust policy of a role', () => {
  it.each(environmentNames)(
    'for deploys of %s admits jobs of the GitHub environment, with both formats of a subject',
    (name) => {
      expect(trustOf(`Deploy-${name}`).condition).toEqual([
        {
          test: 'StringEquals',
          variable: 'token.actions.githubusercontent.com:aud',
          values: ['sts.amazonaws.com'],
        },
        {
          test: 'StringEquals',
          variable: 'token.actions.githubusercontent.com:sub',
          values: [
            `repo:findkairos/kairos-infrastructure:environment:${name}`,
            `repo:findkairos@11/kairos-infrastructure@22:environment:${name}`,
          ],
        },
        {
          test: 'StringEquals',
          variable: 'token.actions.githubusercontent.com:repository_id',
          values: ['22'],
        },
      ]);
    },
  );

  it.each(roles)('for plans of %s admits pull requests and the branch of the scheduled job', (name) => {
    const subject = trustOf(`Plan-${name}`).condition.find(({ variable }) => variable.endsWith(':sub'));
    expect(subject).toMatchObject({
      test: 'StringEquals',
      values: ['pull_request', 'ref:refs/heads/main'].flatMap((context) =>
        subjects({ owner: 'findkairos', ownerId: 11, name: 'kairos-infrastructure', id: 22 }, context),
      ),
    });
  });

  it('contains only exact strings', () => {
    for (const kind of ['Plan', 'Deploy'])
      for (const role of roles)
        expect(JSON.stringify(trustOf(`${kind}-${role}`))).not.toMatch(/[*?]|Like|IfExists|ForAll/);
  });
});

describe('the identity provider', () => {
  it('is created without a thumbprint', () => {
    expect(template.resource('aws_iam_openid_connect_provider')).toEqual({
      url: 'https://token.actions.githubusercontent.com',
      client_id_list: ['sts.amazonaws.com'],
    });
  });

  it('is only read if the account has one', () => {
    const taken = foundation({ ...github, provider: 'take-over' });
    expect(taken.resources('aws_iam_openid_connect_provider')).toEqual({});
    expect(taken.data('aws_iam_openid_connect_provider')).toEqual({
      url: 'https://token.actions.githubusercontent.com',
    });
  });
});

it.each(roles.flatMap((name) => [`Plan-${name}`, `Deploy-${name}`]))(
  '%s has its own policies and no other, so that an added one is drift',
  (role) => {
    const [attached, own] = [
      'aws_iam_role_policy_attachments_exclusive',
      'aws_iam_role_policies_exclusive',
    ].map((type) =>
      Object.entries(template.resources(type)).filter(([id]) => id.startsWith(`Delivery_${role}_`)),
    );
    const policies = Object.keys(template.resources('aws_iam_policy')).filter((id) =>
      id.startsWith(`Delivery_${role}_Policy-`),
    );
    expect(attached?.map(([, { policy_arns }]) => policy_arns)).toEqual([
      policies.map((id) => `\${aws_iam_policy.${id}.arn}`),
    ]);
    expect(own?.map(([, { policy_names }]) => policy_names)).toEqual([[]]);
  },
);

/** Decides like IAM, except for the conditions, which restrict an allowance further. */
function isAllowed(all: readonly Statement[], action: string, resource: string): boolean {
  const matches = (patterns: readonly string[], text: string) =>
    patterns.some((pattern) => isWithin(pattern, text));
  return all.some(
    ({ effect, actions, resources }) =>
      effect === 'Allow' && matches(actions, action) && matches(resources, resource),
  );
}

/**
 * Whether the text equals a pattern, or has the beginning of one that ends in a star. A narrower pattern is
 * within a wider one.
 */
function isWithin(pattern: string, text: string): boolean {
  return pattern === text || (pattern.endsWith('*') && text.startsWith(pattern.slice(0, -1)));
}

const readOnly = /^(apigateway:GET|[a-z0-9-]+:(Get|List|Describe|View)[A-Za-z*]*)$/;

describe.each(roles)('the plan role of %s', (name) => {
  const all = statements(`Plan-${name}_Document`);

  it('may only read', () => {
    const allowed = all.filter(({ effect }) => effect === 'Allow').flatMap(({ actions }) => actions);
    expect(allowed.filter((action) => !readOnly.test(action))).toEqual([]);
  });

  it('is refused every secret and every key, whatever else it is allowed', () => {
    expect(all).toContainEqual(
      expect.objectContaining({
        effect: 'Deny',
        resources: ['*'],
        condition: [],
        actions: [
          'ssm:GetParameter*',
          'secretsmanager:GetSecretValue',
          'kms:Decrypt',
          'kms:GenerateDataKey*',
        ],
      }),
    );
  });
});

describe.each(environmentNames)('the deploy role of %s', (name) => {
  const all = statements(`Deploy-${name}_Document`);
  const before = environmentNames[environmentNames.indexOf(name) - 1];
  const others = environmentNames.filter((other) => other !== name);

  it('has no permission for another environment, except to read what it promotes from', () => {
    const own = all.filter(({ sid }) => !sid.endsWith('Promoted'));
    for (const other of others) expect(JSON.stringify(own)).not.toContain(namesOf(other).stack);
    const seen = all.filter(({ sid }) => sid.endsWith('Promoted'));
    expect(seen.flatMap(({ actions }) => actions)).toEqual(
      before === undefined ? [] : ['lambda:GetAlias', 'lambda:GetFunction', 's3:ListBucket', 's3:GetObject'],
    );
    for (const resource of seen.flatMap(({ resources }) => resources))
      expect(resource).toMatch(new RegExp(`kairos-(tfstate-)?.*${before ?? 'nothing'}`));
  });

  it.each(['smoke', 'status', 'rollback'] as const)('allows every call of kairos %s', (command) => {
    const asked = policyOf(command, name, configuration).Statement.flatMap(({ Action, Resource }) =>
      [Resource].flat().flatMap((resource) => Action.map((action) => [action, resource] as const)),
    );
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter(([action, resource]) => !isAllowed(all, action, resource))).toEqual([]);
  });

  it('can write the record of its smoke test, and no other record', () => {
    const record = (of: string) =>
      `arn:aws:s3:::${stateBucketName(configuration.accountId, name)}/kairos-${of}.smoke.json`;
    expect(isAllowed(all, 's3:PutObject', record(name))).toBe(true);
    for (const other of others) expect(isAllowed(all, 's3:PutObject', record(other))).toBe(false);
  });

  it('has a permission for all resources only if AWS does not support a narrower one', () => {
    const wide = all
      .filter(
        ({ effect, resources, condition }) =>
          effect === 'Allow' && resources.includes('*') && condition.length === 0,
      )
      .map(({ sid }) => sid);
    expect(wide).toEqual(['Account', 'Status']);
  });

  it('may pass the roles of its own functions, only to Lambda', () => {
    expect(all.filter(({ actions }) => actions.includes('iam:PassRole'))).toEqual([
      expect.objectContaining({
        resources: [`role/kairos-${name}-function`, `role/kairos-${name}-authorizer`].map(
          (role) => `arn:aws:iam::992382417038:${role}`,
        ),
        condition: [
          { test: 'StringEquals', variable: 'iam:PassedToService', values: ['lambda.amazonaws.com'] },
        ],
      }),
    ]);
  });

  it('is refused a role without the boundary', () => {
    const refusal = all.find(({ sid }) => sid === 'NoRoleWithoutBoundary');
    expect(refusal).toMatchObject({
      effect: 'Deny',
      actions: expect.arrayContaining(['iam:CreateRole', 'iam:PutRolePolicy']) as unknown,
      condition: [
        {
          test: 'StringNotEquals',
          variable: 'iam:PermissionsBoundary',
          values: [`arn:aws:iam::992382417038:policy/kairos-${name}-boundary`],
        },
      ],
    });
  });

  it('reads no secret and decrypts nothing', () => {
    expect(
      all.flatMap(({ actions }) => actions).filter((action) => /^(ssm|kms:(Dec|Gen)|secrets)/.test(action)),
    ).toEqual(['ssm:DescribeParameters']);
  });
});

it('the deploy role of the foundation creates no role without the boundary, and gives no permissions to a role that lost it', () => {
  expect(statements('Deploy-foundation_Document')).toContainEqual(
    expect.objectContaining({
      sid: 'NoRoleWithoutBoundary',
      effect: 'Deny',
      resources: ['*'],
      actions: [
        'iam:CreateRole',
        'iam:PutRolePermissionsBoundary',
        'iam:PutRolePolicy',
        'iam:AttachRolePolicy',
      ],
      condition: [
        {
          test: 'StringNotEquals',
          variable: 'iam:PermissionsBoundary',
          values: ['arn:aws:iam::992382417038:policy/kairos-pipeline-boundary'],
        },
      ],
    }),
  );
});

it('the deploy role of the foundation can delete API keys that are no longer in the table, but no secret of the application', () => {
  const all = statements('Deploy-foundation_Document');
  const parameter = (name: string) =>
    `arn:aws:ssm:eu-west-2:992382417038:parameter/kairos/prod/secrets/${name}`;
  const deletes = all.filter(({ actions }) => actions.some((action) => action.startsWith('ssm:Delete')));
  expect(deletes.map(({ actions, resources }) => ({ actions, resources }))).toEqual([
    {
      actions: ['ssm:DeleteParameter'],
      resources: [parameter('API_KEY_*').replace('/prod/', '/*/')],
    },
  ]);
});

describe('the domain of an environment', () => {
  const deployStatements = (name: EnvironmentName, domains?: FoundationStackProps['domains']) =>
    Object.entries(
      documentsSchema.parse(JSON.parse(foundation(github, domains).json)).data.aws_iam_policy_document,
    )
      .filter(([id]) => id.startsWith(`Delivery_Deploy-${name}_Document`))
      .flatMap(([, { statement }]) => statement);
  const zonesOf = (domains?: FoundationStackProps['domains']) =>
    environmentNames.map((name) => [
      ...new Set(
        deployStatements(name, domains)
          .filter(({ actions }) => actions.includes('route53:ChangeResourceRecordSets'))
          .flatMap(({ resources }) => resources),
      ),
    ]);
  const any = ['arn:aws:route53:::hostedzone/*'];

  it("allows records only in its zone, if the table has the zone's id", () => {
    const domains = { prod: { name: 'api.findkairos.com', zoneId: 'Z0123' } };
    expect(zonesOf(domains)).toEqual([any, any, ['arn:aws:route53:::hostedzone/Z0123']]);
  });

  it('allows records in any zone, if the table has no zone id', () => {
    expect(zonesOf({ prod: { name: 'api.findkairos.com' } })).toEqual([any, any, any]);
  });

  it('is the only domain for which a certificate can be requested, and without a domain none can', () => {
    const asks = (name: EnvironmentName) =>
      deployStatements(name, { prod: { name: 'api.findkairos.com' } })
        .filter(({ actions }) => actions.includes('acm:RequestCertificate'))
        .map(({ condition }) => asIamReads(condition));
    expect(asks('prod')).toEqual([
      {
        'ForAllValues:StringLike': { 'acm:DomainNames': ['api.findkairos.com'] },
        // ForAllValues is true for a request without any names.
        Null: { 'acm:DomainNames': ['false'] },
      },
    ]);
    expect(asks('dev')).toEqual([]);
  });
});

describe('a policy that AWS accepts', () => {
  it('has at most 6,144 characters, and a role has at most ten policies, even with the longest names', () => {
    const longest = Object.fromEntries(
      environmentNames.map((name) => [
        name,
        { name: `${name.padEnd(60, 'x')}.com`, zoneId: `Z${'0'.repeat(31)}` },
      ]),
    );
    const { data } = documentsSchema.parse(JSON.parse(foundation(github, longest).json));
    const policies = Object.entries(data.aws_iam_policy_document).filter(([id]) => /_Document-\d/.test(id));
    expect(policies.length).toBeGreaterThan(roles.length);
    for (const [id, { statement }] of policies) {
      const written = statement.map((each) => ({
        Sid: each.sid,
        Effect: each.effect,
        Action: each.actions,
        Resource: each.resources,
        Condition: asIamReads(each.condition),
      }));
      expect(JSON.stringify({ Version: '2012-10-17', Statement: written }).length).toBeLessThanOrEqual(6_144);
      expect(Number(/_Document-(\d+)/.exec(id)?.[1])).toBeLessThanOrEqual(10);
    }
  });

  it('contains a service and an operation in every action', () => {
    const actions = Object.values({ ...environmentActions, ...foundationActions }).flatMap((grants) =>
      grants.flatMap(({ read, write }) => [...read, ...write]),
    );
    expect(actions.filter((action) => !/^[a-z0-9-]+:[A-Z][A-Za-z]+\*?$/.test(action))).toEqual([]);
  });
});

it('every role has a boundary', () => {
  for (const role of Object.values(template.resources('aws_iam_role')))
    expect(role.permissions_boundary).toBe('arn:aws:iam::992382417038:policy/kairos-pipeline-boundary');
});

it('without the GitHub settings nobody may assume a role, and functions still have a boundary', () => {
  const closed = Template.of(
    new FoundationStack(testApp(), {
      accountId: configuration.accountId,
      region: configuration.region,
      repository: configuration.repository,
      imageRepository: 'kairos',
    }),
  );
  expect(closed.resources('aws_iam_role')).toEqual({});
  expect(
    Object.values(closed.resources('aws_iam_policy'))
      .map(({ name }) => String(name))
      .sort(),
  ).toEqual(environmentNames.map((name) => `kairos-${name}-boundary`).sort());
});
