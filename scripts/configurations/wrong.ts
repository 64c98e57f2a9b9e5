import * as fc from 'fast-check';
import { environmentNames } from '../../config/names';
import type { Configuration } from '../../config/types';
import { rightConfigurations } from './right';
import { notBoolean, notList, notOneOf, notText, notWhole, secretTexts } from './values';

/** An error that is put into a right table. */
export interface Edit {
  readonly path: string;
  readonly value: unknown;
  /** Values that are checked together. Only one of a group is made wrong, so that no error hides another. */
  readonly group: string;
}

interface Member {
  readonly path: string;
  /** @default - its path: nothing else depends on it */
  readonly group?: string;
  readonly wrong: fc.Arbitrary<unknown>;
}

const hosts = [
  'host',
  '-a.example',
  'a.example.',
  'a.example/',
  'https://a.example',
  'A.example',
  'a..example',
];
const origins = [
  'https://a.example/',
  'a.example',
  'https://a.example/path',
  'https://A.example',
  'ftp://a.example',
];

const shared: readonly Member[] = [
  {
    path: 'accountId',
    wrong: notText(['12345678901', '1234567890123', '12345678901a', '１２３４５６７８９０１２']),
  },
  { path: 'region', wrong: notText(['London', 'eu-west', 'cn-north-1', 'us-gov-west-1', 'EU-WEST-2']) },
  { path: 'accountConcurrency', group: 'concurrency', wrong: butLeftOut(notWhole(1, 1_000_000)) },
  { path: 'repository', wrong: notText(['name', 'https://github.com/o/n', 'github.com/o', 'github.com//n']) },
  {
    path: 'image.repository',
    wrong: notText(['Kairos', 'k', 'a'.repeat(257), '/kairos', 'kairos/', 'a//b']),
  },
  { path: 'image.architecture', wrong: notOneOf('x86_64', 'arm64') },
  { path: 'image.baseImage', wrong: notText(['Upper', ':tag', '-x', 'a b']) },
  { path: 'image.recipe', wrong: notOneOf('project', 'backend') },
  { path: 'image.maximumContextBytes', wrong: notWhole(1, 10 * 1024 ** 3) },
];

const ofEnvironment: readonly Member[] = [
  {
    path: 'account',
    // Only an environment with a separate account has concurrency of its own.
    group: 'concurrency',
    wrong: fc.constantFrom<unknown>(
      '111122223333',
      {},
      { id: '11112222333' },
      { id: '111122223333', region: 'London' },
      { id: '111122223333', concurrency: 0 },
      { id: '111122223333', name: 'kairos' },
    ),
  },
  { path: 'applicationEnvironment', wrong: notOneOf('staging', 'production') },
  {
    path: 'function.handler',
    wrong: notText(['main', 'kairos..handler', '.handler', '1kairos.main', 'a.b-c']),
  },
  { path: 'function.memory', wrong: notWhole(128, 10_240) },
  { path: 'function.timeout', group: 'timeouts', wrong: notWhole(2, 29) },
  { path: 'function.logLevel', wrong: notOneOf('DEBUG', 'INFO', 'WARN', 'ERROR') },
  { path: 'function.lifespan', wrong: notOneOf('environment', 'invocation') },
  { path: 'function.lifespanStartLimit', group: 'timeouts', wrong: butLeftOut(notWhole(1, 28)) },
  { path: 'function.lifespanPauseLimit', wrong: butLeftOut(notWhole(1, 86_400)) },
  { path: 'function.reservedConcurrency', group: 'concurrency', wrong: butLeftOut(notWhole(1, 10_000)) },
  { path: 'function.provisionedConcurrency', group: 'concurrency', wrong: butLeftOut(notWhole(1, 1_000)) },
  { path: 'gateway.timeout', group: 'timeouts', wrong: notWhole(3, 30) },
  { path: 'gateway.throttlingRateLimit', group: 'throttling', wrong: notWhole(1, 100_000) },
  { path: 'gateway.throttlingBurstLimit', group: 'throttling', wrong: notWhole(1, 100_000) },
  { path: 'logRetention', wrong: notWhole(1, 3_653) },
  { path: 'database.name', wrong: notText(['1a', 'a.b', 'a'.repeat(64), 'a/b', '-a']) },
  { path: 'database.connectionLimit', group: 'concurrency', wrong: notWhole(1, 100_000) },
  { path: 'database.connectionsPerFunctionEnvironment', group: 'concurrency', wrong: notWhole(1, 100) },
  { path: 'mail.username', wrong: notText(['a b', 'u'.repeat(257), 'a\u0000', 'ünï']) },
  { path: 'mail.from', wrong: notText(hosts) },
  { path: 'mail.port', wrong: notWhole(1, 65_535) },
  { path: 'mail.server', wrong: notText([...hosts, 'smtp.example.com:587']) },
  {
    path: 'corsOrigins',
    wrong: notList([[], ['*'], ['https://a.example', 'https://a.example'], ...origins.map((each) => [each])]),
  },
  { path: 'secretsRevision', wrong: notWhole(1, 1_000_000) },
];

const ofEdge: readonly Member[] = [
  { path: 'edge.rotation', wrong: notWhole(1, 1_000_000) },
  { path: 'edge.requestLimit', wrong: notWhole(10, 2_000_000_000) },
  { path: 'edge.loginLimit', wrong: notWhole(10, 2_000_000_000) },
  { path: 'edge.loginPaths', wrong: notPaths(6) },
  { path: 'edge.allowedAddresses', wrong: notAddresses() },
  { path: 'edge.blockedAddresses', wrong: notAddresses() },
  {
    path: 'edge.countedRules',
    wrong: fc.constantFrom<unknown>(undefined, [], { common: ['None'] }, { other: [] }),
  },
  {
    path: 'edge.domain',
    wrong: fc.constantFrom<unknown>(
      'api.example.com',
      {},
      { name: 'api.example.com', zone: 'example.org' },
      { name: 'notexample.com', zone: 'example.com' },
      { name: `${'a'.repeat(53)}.example.com`, zone: 'example.com' },
      { name: 'api.example.com', zone: 'example.com', zoneId: '/hostedzone/Z1' },
    ),
  },
  {
    path: 'edge.apiKeys',
    wrong: fc.oneof(
      fc.constantFrom<unknown>(
        [],
        {},
        { prefixes: [], names: ['API_KEY_A'] },
        { prefixes: ['/x'], names: [] },
        { prefixes: ['/x'], names: ['SECRET_KEY'] },
        { prefixes: ['/x'], names: ['API_KEY_A', 'API_KEY_A'] },
        { prefixes: ['/x'], names: [`API_KEY_${'K'.repeat(93)}`] },
        { prefixes: ['/x'], names: numbered(11, (at) => `API_KEY_${at}`) },
        { prefixes: numbered(11, (at) => `/x${at}`), names: ['API_KEY_A'] },
      ),
      secretTexts.map(({ text }) => ({ prefixes: ['/x'], names: [text] })),
    ),
  },
];

const ofObservability: readonly Member[] = [
  {
    path: 'observability.subscriptions',
    wrong: fc.oneof(
      notList([[], [{ protocol: 'sms', endpoint: '+44' }], [{ protocol: 'email', endpoint: 'nobody' }]]),
      fc
        .constantFrom('https://a b', 'http://a.example', 'https://a.example/${x}', 'https://a.example/\u0007')
        .map((endpoint) => [{ protocol: 'https', endpoint }]),
      secretTexts.map(({ text }) => [{ protocol: 'https', endpoint: text }]),
    ),
  },
  { path: 'observability.dashboard', wrong: notBoolean },
  { path: 'observability.healthCheck', wrong: notBoolean },
  { path: 'observability.watchesAccount', wrong: notBoolean },
  { path: 'observability.silenceLimit', wrong: butLeftOut(notWhole(1, 168)) },
  { path: 'observability.monthlyBudget', wrong: butLeftOut(notWhole(1, 1_000_000)) },
];

const ofCors: readonly Member[] = [
  { path: 'gateway.cors.allowOrigins', wrong: notList([[], ...origins.map((each) => [each])]) },
  { path: 'gateway.cors.allowMethods', wrong: notList([['get'], ['TRACE'], [7]]) },
  { path: 'gateway.cors.allowHeaders', wrong: notList([['a b'], [''], ['x:y']]) },
  { path: 'gateway.cors.allowCredentials', wrong: notBoolean },
  { path: 'gateway.cors.maxAge', wrong: notWhole(0, 86_400) },
];

/** Unknown members, which may still contain a secret. */
const strange: fc.Arbitrary<unknown> = fc.oneof(
  secretTexts.map(({ text }) => text),
  fc.constantFrom<unknown>(7, null, [], {}),
);

const ofGithub: readonly Member[] = [
  { path: 'github.ownerId', wrong: notWhole(1, Number.MAX_SAFE_INTEGER) },
  { path: 'github.repositoryId', wrong: notWhole(1, Number.MAX_SAFE_INTEGER) },
  { path: 'github.provider', wrong: notOneOf('make', 'take-over') },
];

const members: readonly Member[] = [
  ...shared,
  ...ofGithub,
  ...environmentNames.flatMap((name) =>
    [...ofEnvironment, ...ofEdge, ...ofObservability, ...ofCors].map(({ path, group, wrong }) => ({
      path: `environments.${name}.${path}`,
      // All environments share an account's concurrency.
      group: group === undefined || group === 'concurrency' ? group : `environments.${name}.${group}`,
      wrong,
    })),
  ),
];

const memberEdits = members.map(({ path, group = path, wrong }) =>
  wrong.map((value): Edit => ({ path, group, value })),
);

const addedMembers = fc
  .tuple(
    fc.constantFrom('', 'image.', ...environmentNames.map((name) => `environments.${name}.mail.`)),
    strange,
  )
  .map(([parent, value]): Edit => ({ path: `${parent}secret`, group: `${parent}secret`, value }));

/** A whole part of the table that is replaced or missing. */
const wholeParts: fc.Arbitrary<Edit> = fc
  .tuple(
    fc.constantFrom(
      'image',
      'environments',
      ...environmentNames.flatMap((name) =>
        ['', '.function', '.gateway', '.database', '.mail', '.edge', '.observability'].map(
          (part) => `environments.${name}${part}`,
        ),
      ),
    ),
    fc.oneof(
      fc.constantFrom<unknown>(undefined, null, 'text', 7, true, [], {}),
      secretTexts.map(({ text }) => text),
    ),
  )
  .map(([path, value]) => ({ path, group: path, value }));

/** A table, and its only error. */
export interface WrongTable {
  readonly table: Configuration;
  readonly edits: readonly Edit[];
}

/** Right tables with one error per group, or with a wrong part, or with two values that contradict each other. */
export const wrongTables: fc.Arbitrary<WrongTable> = fc
  .record({
    table: rightConfigurations,
    several: fc.uniqueArray(fc.oneof(...memberEdits, addedMembers), {
      minLength: 1,
      maxLength: 6,
      selector: ({ group }) => group,
    }),
    part: wholeParts,
    contradiction: fc.nat(),
    kind: fc.constantFrom('several', 'several', 'several', 'part', 'contradiction'),
  })
  .map(({ table, several, part, contradiction, kind }) => {
    const contradictions = contradictionsIn(table);
    const chosen = contradictions[contradiction % contradictions.length];
    const possible = several.filter(({ path }) => hasParent(table, path));
    const edits = kind === 'part' ? [part] : kind === 'several' ? possible : [];
    return { table, edits: edits.length > 0 || chosen === undefined ? edits : [chosen] };
  });

/** @returns whether the table has the part that a member belongs to: not every environment has an edge. */
function hasParent(table: unknown, path: string): boolean {
  const parents = path.split('.').slice(0, -1);
  const parent = parents.reduce(
    (inner: unknown, key) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
    table,
  );
  return typeof parent === 'object' && parent !== null;
}

/** Values that are valid on their own, but not together. */
function contradictionsIn({ environments, accountConcurrency = 1_000 }: Configuration): readonly Edit[] {
  return environmentNames.flatMap((name): readonly Edit[] => {
    const { function: backend, gateway, database } = environments[name];
    const base = `environments.${name}.`;
    const edit = (path: string, value: unknown): Edit => ({ path: `${base}${path}`, group: path, value });
    const bears = Math.floor(database.connectionLimit / database.connectionsPerFunctionEnvironment);
    return [
      ...(gateway.timeout < 30 ? [edit('function.timeout', gateway.timeout)] : []),
      ...(backend.timeout <= 28 ? [edit('function.lifespanStartLimit', backend.timeout)] : []),
      ...(backend.timeout <= 5 ? [edit('function.lifespanStartLimit', undefined)] : []),
      ...(gateway.throttlingRateLimit > 1
        ? [edit('gateway.throttlingBurstLimit', gateway.throttlingRateLimit - 1)]
        : []),
      ...(bears < 10_000 ? [edit('function.reservedConcurrency', bears + 1)] : []),
      ...(accountConcurrency > bears && backend.reservedConcurrency !== undefined
        ? [edit('function.reservedConcurrency', undefined)]
        : []),
      ...(name === 'dev' ? [] : [edit('database.name', environments.dev.database.name)]),
      edit(
        'corsOrigins',
        numbered(40, (at) => `https://${String(at).padStart(63, 'a')}.${'b'.repeat(63)}.example`),
      ),
    ];
  });
}

function butLeftOut(wrong: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return wrong.filter((value) => value !== undefined);
}

function notPaths(tooMany: number): fc.Arbitrary<unknown> {
  return notList([
    [],
    ['/x', '/x'],
    ['x'],
    ['/x/'],
    ['/'],
    ['/ü'],
    [`/${'p'.repeat(200)}`],
    numbered(tooMany, (at) => `/${at}`),
  ]);
}

function notAddresses(): fc.Arbitrary<unknown> {
  return notList([
    ['10.0.0.1'],
    ['10.0.0.0/33'],
    ['0.0.0.0/0'],
    ['::/0'],
    ['2001:db8::/129'],
    ['10.0.0.1/24'],
    ['10.0.0.1/32', '10.0.0.1/32'],
    numbered(10_001, (at) => `10.0.${at >> 8}.${at & 255}/32`),
  ]);
}

function numbered(count: number, make: (at: number) => string): readonly string[] {
  return Array.from({ length: count }, (_, at) => make(at));
}
