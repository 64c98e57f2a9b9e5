import fc from 'fast-check';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { findMissing } from '../../../../cli/recover/find';
import { finders, neverImported } from '../../../../cli/recover/identify';
import type { Missing } from '../../../../cli/recover/wanted';

const root = resolve(__dirname, '..', '..', '..', '..');
const inventories = join(root, '__tests__', 'inventory');

/** The resource types in the stacks of the table. */
const inTable = readdirSync(inventories)
  .flatMap((file) => readFileSync(join(inventories, file), 'utf8').split('\n'))
  .map((line) => line.split('.')[0] ?? '')
  .filter((type) => type !== '');

/**
 * The types that another table may add: everything that the code imports from the providers, such as a
 * domain's certificate.
 */
const inCode = ['constructs', 'stacks']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(root, folder, file),
    ),
  )
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/'@cdktf\/provider-(\w+)\/lib\/([\w-]+)'/g)])
  .map(([, provider = '', module = '']) => `${provider}_${module.replaceAll('-', '_')}`)
  .filter((type) => !/^[a-z]+_(provider$|data_)/.test(type));

const types = [...new Set([...inTable, ...inCode])].sort();

const options = { accountId: '111122223333', clientOptions: { region: 'eu-west-2', maxAttempts: 1 } };

function missing(type: string, values: Missing['values'], references: Missing['references'] = {}): Missing {
  return { address: `${type}.X`, type, region: 'eu-west-2', provider: 'aws', values, references };
}

async function idOf(...resources: readonly Missing[]): Promise<string | undefined> {
  const { candidates } = await findMissing({ missing: resources, held: new Map() }, options);
  return candidates.at(-1)?.id;
}

describe('the table of types', () => {
  it('is checked against the types of the current table and of any other', () => {
    const others = inCode.filter((type) => !inTable.includes(type));
    expect(others).toEqual(expect.arrayContaining(['aws_acm_certificate', 'aws_route53_record']));
    expect(inTable.filter((type) => /^(aws|docker)_/.test(type) && !inCode.includes(type))).toEqual([]);
  });

  it.each(types)('has a way to find a %s, or a reason why it is never imported', (type) => {
    expect([type in finders, type in neverImported].filter(Boolean)).toHaveLength(1);
  });

  it('has a reason for each type that is never imported', () => {
    for (const reason of Object.values(neverImported)) expect(reason).toMatch(/\w+ \w+/);
  });

  it('reports a type that it does not contain, and skips it', async () => {
    const planned = { missing: [missing('aws_new_thing', { name: 'x' })], held: new Map() };
    const { candidates, left } = await findMissing(planned, options);
    expect(candidates).toEqual([]);
    expect(left.map(({ address }) => address)).toEqual(['aws_new_thing.X']);
    expect(left[0]?.reason).toContain('aws_new_thing');
  });
});

describe('the import id', () => {
  const cases: readonly (readonly [string, Missing['values'], string])[] = [
    ['aws_lambda_function', { function_name: 'kairos-dev' }, 'kairos-dev'],
    ['aws_lambda_alias', { function_name: 'kairos-dev', name: 'live' }, 'kairos-dev/live'],
    [
      'aws_iam_role_policy',
      { role: 'kairos-dev-function', name: 'function' },
      'kairos-dev-function:function',
    ],
    ['aws_iam_policy', { name: 'p' }, 'arn:aws:iam::111122223333:policy/p'],
    [
      'aws_iam_openid_connect_provider',
      { url: 'https://token.actions.githubusercontent.com' },
      'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com',
    ],
    ['aws_sns_topic', { name: 't' }, 'arn:aws:sns:eu-west-2:111122223333:t'],
    ['aws_budgets_budget', { name: 'b' }, '111122223333:b'],
    ['aws_cloudwatch_event_target', { rule: 'r', target_id: 'topic' }, 'r/topic'],
    ['aws_cloudwatch_log_metric_filter', { log_group_name: '/g', name: 'f' }, '/g:f'],
  ];

  it.each(cases)('of %s', async (type, values, id) => {
    expect(await idOf(missing(type, values))).toBe(id);
  });

  it('contains every name unchanged', async () => {
    const name = fc.stringMatching(/^[A-Za-z0-9/_-]{1,40}$/);
    await fc.assert(
      fc.asyncProperty(name, async (text) => {
        expect(await idOf(missing('aws_cloudwatch_log_group', { name: text }))).toBe(text);
      }),
    );
  });

  it('uses the id of a referenced resource that is missing too', async () => {
    const policy = missing('aws_iam_policy', { name: 'p' });
    const attachment = missing(
      'aws_iam_role_policy_attachment',
      { role: 'r' },
      { policy_arn: { address: policy.address, attribute: 'arn' } },
    );
    expect(await idOf(policy, attachment)).toBe('r/arn:aws:iam::111122223333:policy/p');
  });

  it('uses the state if the referenced resource is in it', async () => {
    const stage = missing(
      'aws_apigatewayv2_stage',
      { name: '$default' },
      { api_id: { address: 'aws_apigatewayv2_api.Api', attribute: 'id' } },
    );
    const held = new Map([['aws_apigatewayv2_api.Api', { id: 'abc' }]]);
    const { candidates } = await findMissing({ missing: [stage], held }, options);
    expect(candidates).toEqual([{ address: stage.address, id: 'abc/$default', provider: 'aws' }]);
  });

  it('is undefined if an argument is unknown', async () => {
    expect(await idOf(missing('aws_apigatewayv2_stage', { name: '$default' }))).toBeUndefined();
  });

  it('is undefined for a type that is never imported', async () => {
    expect(await idOf(missing('terraform_data', { input: 'x' }))).toBeUndefined();
  });
});

describe('the integration of an API', () => {
  const own = 'arn:aws:lambda:eu-west-2:111122223333:function:kairos-dev:live';
  const earlier = 'arn:aws:lambda:eu-west-2:111122223333:function:kairos-backend-ApiFunction';
  const invocation = (arn: string) =>
    `arn:aws:apigateway:eu-west-2:lambda:path/2015-03-31/functions/${arn}/invocations`;
  const alias = missing('aws_lambda_alias', { function_name: 'kairos-dev', name: 'live' });
  const integration = missing(
    'aws_apigatewayv2_integration',
    { api_id: 'abc', integration_type: 'AWS_PROXY' },
    { integration_uri: { address: alias.address, attribute: 'invoke_arn' } },
  );

  /**
   * @returns the integration that is found in an API. @param uris of the API's integrations, by their ids.
   */
  async function found(uris: Readonly<Record<string, string>>): Promise<string | undefined> {
    const items = Object.entries(uris).map(([integrationId, integrationUri]) => ({
      integrationId,
      integrationUri,
      integrationType: 'AWS_PROXY',
    }));
    // One item in each page.
    const server = createServer(({ url = '' }, response) => {
      const at = Number(/nextToken=(\d+)/.exec(url)?.[1] ?? 0);
      const next = at + 1 < items.length ? { nextToken: String(at + 1) } : {};
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ items: items.slice(at, at + 1), ...next }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const clientOptions = {
      region: 'eu-west-2',
      endpoint: `http://127.0.0.1:${port}`,
      maxAttempts: 1,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    try {
      const planned = { missing: [alias, integration], held: new Map() };
      const { candidates } = await findMissing(planned, { accountId: '111122223333', clientOptions });
      return candidates.find((each) => each.address === integration.address)?.id;
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it.each([own, invocation(own)])('is the one that invokes the alias: %s', async (uri) => {
    expect(await found({ theirs: invocation(earlier), ours: uri })).toBe('abc/ours');
  });

  it('is undefined if the only one invokes another function, such as that of an earlier stack', async () => {
    expect(await found({ theirs: invocation(earlier) })).toBeUndefined();
  });

  it('is undefined if the only one invokes the function without its alias', async () => {
    expect(await found({ other: invocation(own.replace(':live', '')) })).toBeUndefined();
  });
});
