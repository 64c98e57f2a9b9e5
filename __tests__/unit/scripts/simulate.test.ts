import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { configuration } from '../../../config/environments';
import { faultsIn } from '../../../config/schema';
import type { Configuration, Environment } from '../../../config/types';
import { tierFor } from '../../../scripts/simulate/atlas';
import { withTables } from '../../../scripts/simulate/document';
import { parameterBudget } from '../../../scripts/simulate/limits';
import { busy, highest, startedByJump } from '../../../scripts/simulate/load';
import { type Outcome, simulate } from '../../../scripts/simulate/simulate';

/** 100 ms per request, and one second until an environment works. */
const load = { duration: 100, coldStart: 900 } as const;

const { prod } = configuration.environments;

/**
 * Production with 50 reserved, 6 connections each of 500, a throttle of 1,000 and a burst of 2,000. Others
 * reserve 30.
 */
function tableWith(change: Partial<Environment> = {}, account: Partial<Configuration> = {}): Configuration {
  const production: Environment = {
    ...prod,
    function: { ...prod.function, reservedConcurrency: 50 },
    gateway: { ...prod.gateway, throttlingRateLimit: 1_000, throttlingBurstLimit: 2_000 },
    database: { ...prod.database, connectionLimit: 500, connectionsPerFunctionEnvironment: 6 },
    ...change,
  };
  const dev = { ...configuration.environments.dev };
  const staging = { ...configuration.environments.staging };
  return {
    ...configuration,
    ...account,
    environments: {
      dev: { ...dev, function: { ...dev.function, reservedConcurrency: 10 } },
      staging: { ...staging, function: { ...staging.function, reservedConcurrency: 20 } },
      prod: production,
    },
  };
}

function outcomeOf(rate: number, table = tableWith(), more: { readonly addresses?: number } = {}): Outcome {
  const [outcome] = simulate(table, 'prod', { ...load, ...more }, [rate]).outcomes;
  if (outcome === undefined) throw new Error('one rate was asked for');
  return outcome;
}

const brokenBy = (rate: number, table = tableWith(), more = {}) =>
  outcomeOf(rate, table, more).breaks.map(({ name, when }) => `${name} (${when})`);

const bears = (name: string, when = 'steady', table = tableWith()) =>
  simulate(table, 'prod', load, []).limits.find((each) => each.name === name && each.when === when)?.bears;

describe('the environments in use at a steady rate', () => {
  // The mean is rate × 0.1 s. Three times its square root is added.
  it.each([
    [0, 0],
    [10, 4], // 1 + 3 × 1
    [90, 18], // 9 + 3 × 3
    [160, 28], // 16 + 3 × 4
    [1_000, 130], // 100 + 3 × 10
    [10_000, 1_095], // 1,000 + 3 × 31.62 = 1,094.9
  ])('at %d requests per second are %d', (rate, environments) => {
    expect(busy(rate, load)).toBe(environments);
  });

  it('are at least one for ten requests per second, however short they are', () => {
    expect(busy(1_000, { duration: 1, coldStart: 0 })).toBe(100);
  });
});

describe('the environments that a jump of the rate starts', () => {
  it('are the requests during a cold start and a request', () => {
    expect(startedByJump(100, load, 0)).toBe(100); // 100 × (0.9 s + 0.1 s)
  });

  it('are reduced by the rate that the kept environments serve', () => {
    expect(startedByJump(100, load, 18)).toBe(10); // 18 serve 90, as above
  });

  it('are none if as many are kept started as are in use', () => {
    expect(startedByJump(1_000, load, 130)).toBe(0);
  });
});

describe('the current production', () => {
  it('breaks nothing at 10 requests per second', () => {
    expect(outcomeOf(10)).toEqual({
      rate: 10,
      busy: 4,
      started: 10,
      refused: 0,
      connections: 24,
      addresses: 2, // 10 × 300 s of 2,000 are 1.5
      breaks: [],
    });
  });

  it('at 100 refuses requests above the reservation in a jump, and serves the steady rate', () => {
    const outcome = outcomeOf(100);
    expect(outcome.refused).toBe(50); // 100 started, 50 reserved
    expect(outcome.breaks.map(({ name, when }) => [name, when])).toEqual([['reserved concurrency', 'jump']]);
    expect(outcome.breaks[0]).toMatchObject({
      needs: 100,
      allows: 50,
      change: '`provisionedConcurrency: 20` within `reservedConcurrency: 40`', // 10 + 3 × 3.16
    });
  });

  it('at 1,000 exceeds the reservation, SSM, the database and the throttle, the lowest limit first', () => {
    expect(brokenBy(1_000)).toEqual([
      'reserved concurrency (jump)',
      "SSM's rate of reads (jump)",
      'reserved concurrency (steady)',
      "the database's connections (steady)",
      "the stage's throttle (steady)",
    ]);
  });

  it('at 10,000 also exceeds limits of the account and of Lambda', () => {
    expect(brokenBy(10_000)).toEqual(
      expect.arrayContaining([
        "Lambda's scaling rate (jump)",
        "the account's concurrency (steady)",
        "API Gateway's account quota (steady)",
      ]),
    );
    expect(brokenBy(10_000)).not.toContain("the firewall's rate (steady)");
  });
});

describe('the highest rate of a limit', () => {
  it.each([
    // 50 environments, each used for a second
    ['reserved concurrency', 'jump', 50],
    // 40 reads per second for 5 s, one page each
    ["SSM's rate of reads", 'jump', 200],
    ["Lambda's scaling rate", 'jump', 1_000],
    // 32.8 + 3 × 5.73 = 50
    ['reserved concurrency', 'steady', 328],
    // 83 environments of 6: 59.80 + 3 × 7.73 = 83
    ["the database's connections", 'steady', 598],
    ["the stage's throttle", 'steady', 999],
    // 1,000 - 30 of others - 100 unreserved = 870: 785.9 + 3 × 28.03 = 870
    ["the account's concurrency", 'steady', 7_858],
    ["API Gateway's account quota", 'steady', 9_999],
    ["the firewall's rate", 'steady', 100_000],
    ["CloudFront's rate", 'steady', 250_000],
  ])('%s (%s) is %d', (name, when, rate) => {
    expect(bears(name, when)).toBe(rate);
  });

  it('for SSM is half if the parameters fill two pages', () => {
    const { edge } = prod;
    if (edge === false) throw new Error('production has an edge');
    const names = ['A', 'B', 'C', 'D', 'E', 'F'].map((letter) => `API_KEY_${letter}` as const);
    const table = tableWith({ edge: { ...edge, apiKeys: { prefixes: ['/partner'], names } } });
    expect(bears("SSM's rate of reads", 'jump', table)).toBe(100);
  });

  it('for a function without reservation depends only on the account', () => {
    const table = tableWith({ function: { ...prod.function, reservedConcurrency: undefined } });
    expect(bears('reserved concurrency', 'steady', table)).toBeUndefined();
    expect(bears("the account's concurrency", 'steady', table)).toBe(7_858);
  });

  it('changes with the quota of the account', () => {
    const table = tableWith({}, { accountConcurrency: 180 }); // 180 - 30 - 100
    expect(bears("the account's concurrency", 'steady', table)).toBe(328);
  });
});

describe("the gateway's token bucket", () => {
  it('serves the requests above the throttle', () => {
    expect(outcomeOf(1_500).bucket).toBe(4); // 2,000 at 500 per second
  });

  it('is not larger than that of the account', () => {
    const gateway = { ...prod.gateway, throttlingRateLimit: 1_000, throttlingBurstLimit: 50_000 };
    expect(outcomeOf(2_000, tableWith({ gateway })).bucket).toBe(5);
  });

  it('is not mentioned if it is not drained', () => {
    expect(outcomeOf(1_000).bucket).toBeUndefined();
  });
});

describe('the firewall', () => {
  it('refuses a load test from one address at 7 requests per second, and none at 6', () => {
    const limit = "the firewall's limit by address (steady)";
    expect(brokenBy(7, tableWith(), { addresses: 1 })).toContain(limit); // 2,100 in 300 s
    expect(brokenBy(6, tableWith(), { addresses: 1 })).not.toContain(limit);
  });

  it('has no limit without an edge', () => {
    const outcome = outcomeOf(1_000_000, tableWith({ edge: false }), { addresses: 1 });
    expect(outcome.addresses).toBeUndefined();
    expect(outcome.breaks.filter(({ name }) => /firewall|CloudFront/.test(name))).toEqual([]);
  });
});

describe('the suggested changes', () => {
  it('are enough: with those for 1,000 nothing breaks at that rate, and the table is accepted', () => {
    const changed = tableWith({
      function: { ...prod.function, reservedConcurrency: 260, provisionedConcurrency: 130 },
      gateway: { ...prod.gateway, throttlingRateLimit: 1_001, throttlingBurstLimit: 1_001 },
      database: { ...prod.database, connectionLimit: 1_560 },
    });
    const said = outcomeOf(1_000).breaks.map(({ change }) => change);
    expect(said).toEqual([
      '`provisionedConcurrency: 130` within `reservedConcurrency: 260`',
      '`provisionedConcurrency: 130` within `reservedConcurrency: 260`: higher throughput gives only 500 reads',
      '`reservedConcurrency: 130`',
      'a larger cluster (M10 takes 1,500), and `connectionLimit`',
      '`throttlingRateLimit` and `throttlingBurstLimit` above 1000',
    ]);
    expect(brokenBy(1_000, changed)).toEqual([]);
    expect(faultsIn(changed)).toEqual([]);
  });

  it("include SSM's higher throughput if it is enough", () => {
    const said = outcomeOf(400).breaks.find(({ name }) => name.startsWith('SSM'));
    expect(said?.change).toBe('higher throughput of the parameter store (100 a second)');
  });

  it('include more regions if one cannot keep as many environments started', () => {
    const said = outcomeOf(10_000).breaks.find(({ name }) => name.startsWith("Lambda's"));
    expect(said?.change).toContain(
      '`provisionedConcurrency: 568` within `reservedConcurrency: 1136` in each of 2 regions',
    ); // 500 + 3 × 22.36
  });

  it('include a quota with room for the other environments and the 100 that stay unreserved', () => {
    const said = outcomeOf(10_000).breaks.find(({ name }) => name.startsWith("the account's"));
    expect(said?.change).toContain('1225'); // 1,095 + 30 + 100
  });
});

describe('the helper functions', () => {
  it('find the highest number that passes', () => {
    expect(highest((number) => number * number <= 50, 100)).toBe(7);
    expect(highest(() => true, 100)).toBe(100);
    expect(highest((number) => number === 0, 100)).toBe(0);
  });

  it('find the smallest cluster with enough connections', () => {
    expect(tierFor(500)).toBe('M0 takes 500');
    expect(tierFor(501)).toBe('M10 takes 1,500');
    expect(tierFor(50_000)).toContain('more than an M60 takes');
  });

  it("give a start the duration of the image's", () => {
    const root = resolve(__dirname, '..', '..', '..');
    const source = readFileSync(join(root, 'images', 'backend', 'start_up', 'parameter_store.py'), 'utf8');
    expect(Number(/^BUDGET = ([\d.]+)$/m.exec(source)?.[1])).toBe(parameterBudget);
  });

  it('refuse a document without a place for a table', () => {
    expect(() => withTables('# nothing', { limits: [], outcomes: [] })).toThrow(/<!-- rates -->/);
  });
});
