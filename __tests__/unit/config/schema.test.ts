import * as fc from 'fast-check';
import { configuration } from '../../../config/environments';
import { ConfigurationError, readConfiguration } from '../../../config/read';
import { faultsIn } from '../../../config/schema';

/** A copy of the real table with other values at some paths. */
function tableWith(changes: Readonly<Record<string, unknown>>): unknown {
  // Not structuredClone: environments share parts of their rows, and the clones would share them too.
  const table: unknown = JSON.parse(JSON.stringify(configuration));
  for (const [path, value] of Object.entries(changes)) set(table, path.split('.'), value);
  return table;
}

function set(target: unknown, [key, ...rest]: readonly string[], value: unknown): void {
  if (typeof target !== 'object' || target === null || key === undefined) throw new Error('no such path');
  if (rest.length === 0) {
    Reflect.set(target, key, value);
  } else {
    set(Reflect.get(target, key), rest, value);
  }
}

/** Every path of the real table. */
function pathsOf(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, member]) =>
    pathsOf(member, path === '' ? key : `${path}.${key}`),
  );
}

describe('the table', () => {
  it('has no faults', () => {
    expect(faultsIn(configuration)).toEqual([]);
  });

  it.each([
    ['accountId', '99238241703', '12 digits'],
    ['region', 'London', 'an AWS region'],
    ['image.architecture', 'x64', 'one of x86_64, arm64'],
    ['environments.prod.function.memory', 127, 'from 128 to 10240'],
    ['environments.prod.function.memory', 10_241, 'from 128 to 10240'],
    ['environments.prod.function.memory', 256.5, 'a whole number of MB'],
    ['environments.prod.function.memory', '256', 'a whole number of MB'],
    ['environments.prod.gateway.timeout', 31, 'from 3 to 30'],
    ['environments.prod.function.handler', '1kairos.main', 'a module and its attribute'],
    ['environments.prod.edge.loginPaths', [`/${'p'.repeat(200)}`], 'at most 200 characters'],
    ['github.ownerId', 0, 'the id of the owner'],
    ['repository', 'github.com/owner', 'github.com/owner/name'],
    ['image.repository', 'k', '2 to 256 characters'],
    ['environments.prod.mail.username', '${path.cwd}', 'which Terraform would evaluate as a template'],
    ['environments.dev.gateway.throttlingRateLimit', 0, 'from 1'],
    ['environments.dev.logRetention', 15, 'one of the days that CloudWatch knows'],
    ['environments.dev.applicationEnvironment', 'local', 'one of staging, production'],
    ['environments.dev.applicationEnvironment', 'dev', 'one of staging, production'],
    ['environments.dev.corsOrigins', ['https://findkairos.com/'], 'no slash at the end'],
    ['environments.dev.corsOrigins', ['findkairos.com'], 'scheme and host'],
    ['environments.dev.corsOrigins', ['*'], 'scheme and host'],
    ['environments.dev.corsOrigins', [], 'at least one'],
    ['environments.dev.mail.port', 0, 'a port'],
    ['environments.dev.mail.server', 'smtp.resend.com:587', 'a host name'],
    ['environments.dev.secretsRevision', 0, 'from 1'],
  ])('refuses %s = %j and says what would be right', (path, value, right) => {
    const faults = faultsIn(tableWith({ [path]: value }));
    expect(faults).toHaveLength(1);
    expect(faults[0]?.path.startsWith(path)).toBe(true);
    expect(faults[0]?.right).toContain(right);
  });

  it('refuses a burst of 0, which is also below the rate', () => {
    const faults = faultsIn(tableWith({ 'environments.dev.gateway.throttlingBurstLimit': 0 }));
    expect(faults.map(({ right }) => right)).toEqual([
      'a whole number of requests from 1 to 100000',
      'no less than throttlingRateLimit (1000): the rate would never be reached',
    ]);
  });

  it.each([128, 10_240])('accepts a memory of %d MB', (memory) => {
    expect(faultsIn(tableWith({ 'environments.prod.function.memory': memory }))).toEqual([]);
  });

  it('refuses an unknown member by its name', () => {
    const [fault] = faultsIn(tableWith({ 'environments.prod.function.memorySize': 512 }));
    expect(fault?.path).toBe('environments.prod.function.memorySize');
  });

  it('reports a missing value', () => {
    const [fault] = faultsIn(tableWith({ 'environments.prod.function.memory': undefined }));
    expect(fault).toMatchObject({ path: 'environments.prod.function.memory', found: 'nothing' });
  });

  it('refuses an unknown environment', () => {
    const [fault] = faultsIn(tableWith({ 'environments.test': configuration.environments.dev }));
    expect(fault?.path).toBe('environments.test');
  });
});

describe('values that contradict each other', () => {
  it.each([
    [
      { 'environments.prod.function.timeout': 20 },
      'function.timeout',
      'fewer seconds than gateway.timeout (20)',
    ],
    [{ 'environments.prod.function.lifespanStartLimit': 15 }, 'function.lifespanStartLimit', 'timeout (15)'],
    [{ 'environments.prod.gateway.throttlingBurstLimit': 999 }, 'gateway.throttlingBurstLimit', '1000'],
    [{ 'environments.prod.function.reservedConcurrency': 84 }, 'function.reservedConcurrency', '83 at most'],
    [
      { 'environments.prod.function.provisionedConcurrency': 26 },
      'function.provisionedConcurrency',
      '25 at most',
    ],
    [{ 'environments.prod.database.name': 'kairos_dev' }, 'database.name', 'dev has this one'],
    [
      {
        'environments.prod.function.timeout': 5,
        'environments.prod.function.lifespanStartLimit': undefined,
      },
      'function.lifespanStartLimit',
      'timeout (5)',
    ],
  ])('%j is refused', (changes, path, right) => {
    const faults = faultsIn(tableWith(changes));
    expect(faults.map((fault) => fault.path)).toEqual([`environments.prod.${path}`]);
    expect(faults[0]?.right).toContain(right);
  });

  it.each([
    { 'environments.prod.function.timeout': 19 },
    { 'environments.prod.function.lifespanStartLimit': 14 },
    { 'environments.prod.gateway.throttlingBurstLimit': 1000 },
    { 'environments.prod.function.reservedConcurrency': 83 },
    { 'environments.prod.function.provisionedConcurrency': 25 },
  ])('%j is accepted', (changes) => {
    expect(faultsIn(tableWith(changes))).toEqual([]);
  });

  it("refuses more settings than fit into a function's variables", () => {
    const corsOrigins = Array.from({ length: 40 }, (_, at) => `https://${'a'.repeat(63)}.x${at}.io`);
    const faults = faultsIn(tableWith({ 'environments.prod.corsOrigins': corsOrigins }));
    expect(faults.map(({ path }) => path)).toEqual(['environments.prod.corsOrigins']);
    expect(faults[0]?.right).toContain('a function has 4 KB of variables');
  });

  it('refuses a domain that another environment has', () => {
    const domain = { name: 'api.example.com', zone: 'example.com' };
    const table = { 'environments.staging.edge.domain': domain, 'environments.prod.edge.domain': domain };
    expect(faultsIn(tableWith(table)).map(({ path }) => path)).toEqual([
      'environments.prod.edge.domain.name',
    ]);
  });

  it('refuses more environments kept started than the account allows', () => {
    const changes = {
      accountConcurrency: 150,
      'environments.dev.function.reservedConcurrency': undefined,
      'environments.dev.function.provisionedConcurrency': 26,
      'environments.dev.database.connectionLimit': 1_000,
      'environments.staging.function.reservedConcurrency': 1,
      'environments.prod.function.reservedConcurrency': 1,
    };
    expect(faultsIn(tableWith(changes)).map(({ path }) => path)).toEqual([
      'environments.dev.function.provisionedConcurrency',
    ]);
    expect(faultsIn(tableWith({ ...changes, accountConcurrency: 154 }))).toEqual([]);
  });

  const cors = { allowMethods: ['GET'], allowHeaders: ['authorization'], maxAge: 60 };

  it('has no environments that together open more connections than one cluster accepts', () => {
    const { environments } = configuration;
    const opened = Object.values(environments).map(
      ({ function: { reservedConcurrency = Infinity }, database }) =>
        reservedConcurrency * database.connectionsPerFunctionEnvironment,
    );
    const limit = Math.min(...Object.values(environments).map(({ database }) => database.connectionLimit));
    expect(opened.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(limit);
  });

  it('refuses an environment without reservation that could open more connections than its database accepts', () => {
    const faults = faultsIn(tableWith({ 'environments.dev.function.reservedConcurrency': undefined }));
    expect(faults.map(({ path }) => path)).toEqual(['environments.dev.function.reservedConcurrency']);
    expect(faults[0]?.right).toContain('83 at most: without it all 1000 of the account may run');
  });

  it('accepts it if the concurrency of the account is low enough', () => {
    const none = Object.fromEntries(
      ['dev', 'staging', 'prod'].map((name) => [
        `environments.${name}.function.reservedConcurrency`,
        undefined,
      ]),
    );
    expect(faultsIn(tableWith({ ...none, accountConcurrency: 83 }))).toEqual([]);
    expect(faultsIn(tableWith({ ...none, accountConcurrency: 84 }))).toHaveLength(3);
  });

  it.each([200, 10])('refuses to reserve more than an account with %d allows', (accountConcurrency) => {
    const faults = faultsIn(
      tableWith({ accountConcurrency, 'environments.staging.function.reservedConcurrency': 51 }),
    );
    expect(faults.map(({ path }) => path)).toEqual(['environments.staging.function.reservedConcurrency']);
    expect(faults[0]?.right).toContain(`the account has ${accountConcurrency} (accountConcurrency)`);
  });

  it.each([
    'cn-north-1',
    'us-gov-west-1',
    'us-iso-east-1',
    'us-isob-east-1',
    'eusc-de-east-1',
    'eu-isoe-west-1',
  ])('refuses %s, which is in another partition', (region) => {
    expect(faultsIn(tableWith({ region })).map(({ path }) => path)).toEqual(['region']);
  });

  it.each(['us-east-1', 'ap-southeast-7', 'mx-central-1', 'il-central-1', 'ca-west-1'])(
    'accepts %s',
    (region) => {
      expect(faultsIn(tableWith({ region }))).toEqual([]);
    },
  );

  it.each([
    ['corsOrigins', ['https://a.example', 'https://a.example']],
    ['edge.apiKeys', { prefixes: ['/x'], names: ['API_KEY_A', 'API_KEY_A'] }],
    ['edge.apiKeys', { prefixes: ['/x', '/x'], names: ['API_KEY_A'] }],
    ['edge.loginPaths', ['/login', '/login']],
    ['edge.allowedAddresses', ['10.0.0.1/32', '10.0.0.1/32']],
  ])('refuses a list with a duplicate: %s', (path, value) => {
    const faults = faultsIn(tableWith({ [`environments.prod.${path}`]: value }));
    expect(faults).toHaveLength(1);
    expect(faults[0]?.right).toBe('each member once');
  });

  it('refuses a gateway that allows every origin together with credentials', () => {
    const open = { ...cors, allowOrigins: ['*'], allowCredentials: true };
    const faults = faultsIn(tableWith({ 'environments.dev.gateway.cors': open }));
    expect(faults.map(({ path }) => path)).toEqual(['environments.dev.gateway.cors.allowOrigins']);
  });

  it('accepts every origin without credentials', () => {
    const open = { ...cors, allowOrigins: ['*'], allowCredentials: false };
    expect(faultsIn(tableWith({ 'environments.dev.gateway.cors': open }))).toEqual([]);
  });

  it('refuses a health check without an edge', () => {
    const faults = faultsIn(tableWith({ 'environments.prod.edge': false }));
    expect(faults.map(({ path }) => path)).toEqual(['environments.prod.observability.healthCheck']);
  });

  it('accepts an environment without an edge and without a health check', () => {
    const bare = { 'environments.prod.edge': false, 'environments.prod.observability.healthCheck': false };
    expect(faultsIn(tableWith(bare))).toEqual([]);
  });

  it('are reported together with a wrong value of the same environment', () => {
    const faults = faultsIn(
      tableWith({ 'environments.prod.function.timeout': 25, 'environments.prod.function.memory': 1 }),
    );
    expect(faults.map(({ path }) => path).sort()).toEqual([
      'environments.prod.function.memory',
      'environments.prod.function.timeout',
    ]);
  });
});

describe('any input', () => {
  it('gives faults and never crashes', () => {
    fc.assert(
      fc.property(fc.anything(), (table) => {
        expect(faultsIn(table).length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('in one place of the real table is accepted, or gives faults only in that part, each with what would be right', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pathsOf(configuration)), fc.anything(), (path, value) => {
        const [top] = path.split('.');
        for (const fault of faultsIn(tableWith({ [path]: value }))) {
          expect(fault.path.split('.')[0]).toBe(top);
          expect(fault.right).not.toBe('');
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('readConfiguration', () => {
  it('reads account and region from the shell', () => {
    const read = readConfiguration({ KAIROS_AWS_ACCOUNT_ID: '111122223333', KAIROS_AWS_REGION: 'us-east-1' });
    expect(read).toMatchObject({ accountId: '111122223333', region: 'us-east-1' });
  });

  it('treats an empty variable as unset', () => {
    expect(readConfiguration({ KAIROS_AWS_ACCOUNT_ID: '' }).accountId).toBe(configuration.accountId);
  });

  it('reports all faults in one error', () => {
    const read = () => readConfiguration({ KAIROS_AWS_ACCOUNT_ID: '1', KAIROS_AWS_REGION: 'x' });
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(/2 values[^]*accountId\n {4}found '1'\n[^]*region\n {4}found 'x'/);
  });
});
