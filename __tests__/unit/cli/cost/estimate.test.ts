import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Price, prices } from '../../../../aws/prices';
import { estimate, type EstimateOptions } from '../../../../cli/cost/estimate';
import { tasksFor } from '../../../../cli/cost/alternatives';
import { byService, line, total, withoutFreeTier } from '../../../../cli/cost/line';
import { assumed, type Deployment, tracesOf } from '../../../../cli/cost/usage';
import { configuration } from '../../../../config/environments';
import { synthesizedStacks } from '../../../support/synthesized';

const root = resolve(__dirname, '..', '..', '..', '..');
const stacks = synthesizedStacks(root);
const { dev, prod, staging } = configuration.environments;
const deploymentOf = (environment: Deployment['environment']): Deployment => ({
  environment,
  architecture: 'x86_64',
});

const million: EstimateOptions = { requests: [1_000_000], duration: 100, freeTier: false };

// 3 regions with 2 checkers, each every 30 s for 730 hours: 0.5256 million requests at the edge, each with
// 2,000 bytes of log.
const checks = 0.5256;
const logged = 1.0512;
// The health check + HTTPS + requests of CloudFront, its function and the firewall + logs.
const healthCheck = 0.75 + 2 + checks * (1.2 + 0.1 + 0.6) + logged * 0.5;

function monthOf(
  environment: Deployment['environment'],
  template: unknown,
  options: Partial<EstimateOptions> = {},
) {
  const [month] = estimate(deploymentOf(environment), template, { ...million, ...options }).months;
  if (month === undefined) throw new Error('one month was asked for');
  return { ...month, services: byService(month.lines) };
}

describe('a month of production with a million requests of 100 ms', () => {
  const { services, instead, total: sum } = monthOf(prod, stacks['kairos-prod']);

  // Calculated from the price list: each row is a service, with the calculation in its comment.
  it.each([
    // 1,000,000 × 0.20/M + 1,000,000 × 0.1 s × 256/1024 GB = 25,000 GB-s × 0.0000166667
    ['Lambda', 0.2 + 0.4166675],
    // 1.16/M
    ['API Gateway', 1.16],
    // 100 × 10,000 at 0.012 + 0.10/M + 4 GB × 0.085 + 1 GB × 0.02
    ['CloudFront', 1.2 + 0.1 + 0.34 + 0.02],
    // 5 + 9 rules + 0.60/M
    ['WAF', 14.6],
    // 1.65 GB × 0.5985 + (0.9 + 1.6 - 0.5) GB × 0.50 + 4.15 GB × 0.15 for 3 months × 0.0315
    ['logs', 0.987525 + 1 + 0.058826],
    // One request per second, which is more than the traffic, so every request is traced: 5/M.
    ['X-Ray', 5],
    // 23 metrics of 19 alarms × 0.10 + 2 composites × 0.50 + a dashboard + 3 custom metrics × 0.30 + 2 keys
    ['watching', 2.3 + 1 + 3 + 0.9 + 2 + healthCheck],
    ['keys', 1],
  ] as const)('costs %s for %d $', (service, usd) => {
    expect(services.get(service)).toBeCloseTo(usd, 5);
  });

  it('is the sum of its lines', () => {
    expect(sum).toBeCloseTo(0.6166675 + 1.16 + 1.66 + 14.6 + 2.046351 + 5 + 9.2 + healthCheck + 1, 5);
  });

  it('with a REST API costs 3.50 per million requests and 0.09 per GB of responses, without CloudFront', () => {
    // logs: 1.65 GB × 0.5985 + (1.6 - 0.5) GB × 0.50 + 3.25 GB × 0.15 × 3 × 0.0315
    const logs = 0.987525 + 0.55 + 0.046069;
    expect(instead['REST API']).toBeCloseTo(
      0.6166675 + 3.5 + 0.36 + 14.6 + logs + 5 + 9.2 + healthCheck + 1,
      4,
    );
  });

  it('with a function URL saves the API and its log', () => {
    // 0.65 GB of log less is ingested and stored in London.
    const logs = 0.65 * 0.5985 + 0.65 * 0.15 * 3 * 0.0315;
    expect(instead['function URL + CloudFront']).toBeCloseTo(sum - 1.16 - logs, 5);
  });

  it('with containers costs at least two tasks and a load balancer', () => {
    // 2 × (0.5 × 0.04656 + 0.00511 + 0.005) × 730 h; (0.02646 + 2 × 0.005) × 730 h; 4 GB × 0.09;
    // 1,370 requests per hour are 0.0152 units of new connections: × 730 × 0.0084
    const containers = 48.75 + 26.62 + 0.36 + 0.0933;
    const logs = 0.5985 + 0.55 + 2.6 * 0.15 * 3 * 0.0315;
    expect(instead['ALB + Fargate']).toBeCloseTo(containers + 14.6 + logs + 5 + 9.2 + healthCheck + 1, 1);
  });
});

describe('a month of an environment', () => {
  it('without an edge includes data transfer to the internet, and no firewall', () => {
    const { services } = monthOf(dev, stacks['kairos-dev']);
    // 1.16 + 4 GB × 0.09
    expect(services.get('API Gateway')).toBeCloseTo(1.52, 5);
    expect([...services.keys()]).not.toContain('WAF');
    expect([...services.keys()]).not.toContain('CloudFront');
    expect([...services.keys()]).not.toContain('watching');
  });

  it('includes the environments that are kept started: 2 × 0.25 GB × 730 h × 3,600 s', () => {
    const kept = { ...prod, function: { ...prod.function, provisionedConcurrency: 2 } };
    const more =
      total(monthOf(kept, stacks['kairos-prod']).lines) - total(monthOf(prod, stacks['kairos-prod']).lines);
    expect(more).toBeCloseTo(2 * 0.25 * 730 * 3_600 * 0.0000048304, 5);
  });

  it('includes the authorizer for each request only if routes have keys', () => {
    if (prod.edge === false) throw new Error('production has an edge');
    const keyed = {
      ...prod,
      edge: { ...prod.edge, apiKeys: { prefixes: ['/a'], names: ['API_KEY_A'] } },
    } as const;
    const { services } = monthOf(keyed, stacks['kairos-prod']);
    // One more invocation for each request, of 5 ms at 256 MB on arm64.
    expect(services.get('Lambda')).toBeCloseTo(0.6166675 + 0.2 + 0.0166668, 5);
  });

  it('subtracts the free quotas once', () => {
    const { services } = monthOf(prod, stacks['kairos-prod'], { freeTier: true });
    expect(services.get('Lambda')).toBe(0);
    // Free are the dashboard, three custom metrics, ten metrics of alarms, and what the edge serves for a
    // health check.
    expect(services.get('watching')).toBeCloseTo(1.3 + 1 + 2 + 2.75 + checks * 0.6 + logged * 0.5, 5);
    const twice = withoutFreeTier([
      line('Lambda', 'lambdaRequest', 900_000),
      line('Lambda', 'lambdaRequest', 600_000),
    ]);
    expect(total(twice)).toBeCloseTo(0.1, 5);
  });

  it('names a resource whose price is unknown', () => {
    expect(() => monthOf(dev, { resource: { aws_nat_gateway: { Nat: {} } } })).toThrow(
      'cli/cost/fixed.ts has no price of aws_nat_gateway',
    );
  });
});

describe('the cost without requests', () => {
  const watching = (environment: Deployment['environment'], template: unknown) =>
    byService(estimate(deploymentOf(environment), template, million).fixed).get('watching') ?? 0;

  it('of production is alarms, dashboard and keys for less than 15 $', () => {
    expect(watching(prod, stacks['kairos-prod'])).toBeLessThan(15);
  });

  it('is lower in staging, and zero in dev', () => {
    expect(watching(staging, stacks['kairos-staging'])).toBeLessThan(watching(prod, stacks['kairos-prod']));
    expect(watching(dev, stacks['kairos-dev'])).toBe(0);
  });
});

it('traces one request per second, and one of twenty of the rest', () => {
  expect(tracesOf(100)).toBe(100);
  // The first request of each second: 730 × 3,600 = 2,628,000.
  expect(tracesOf(10_000_000)).toBeCloseTo(2_628_000 + 7_372_000 * 0.05, 5);
});

it.each([
  [1_000_000, 2],
  // 100,000,000 / 2,628,000 s × 5 = 190 per second, each 0.5 s: 95 at once, 20 per task.
  [100_000_000, 5],
])('%d requests per month need %d tasks', (requests, tasks) => {
  expect(tasksFor({ requests, duration: requests === 1_000_000 ? 100 : 500 })).toBe(tasks);
});

it.each(Object.entries<Price>(prices))('the price of %s has a source and a date', (_, price) => {
  expect(price.source).not.toBe('');
  expect(Number.isNaN(Date.parse(price.dated))).toBe(false);
  expect(price.usd).toBeGreaterThan(0);
});

it('docs/cost.md documents the assumptions about a request', () => {
  const text = readFileSync(join(root, 'docs', 'cost.md'), 'utf8');
  for (const bytes of Object.values(assumed).filter((each) => each >= 1))
    expect(text).toContain(bytes.toLocaleString('en'));
});
