import { type Meter, type Price, prices } from '../../aws/prices';

/** The name of a price. */
export type Service =
  | 'Lambda'
  | 'API Gateway'
  | 'CloudFront'
  | 'WAF'
  | 'logs'
  | 'X-Ray'
  | 'watching'
  | 'keys'
  | 'Fargate'
  | 'load balancer';

/** One line of a bill: a number of units at a price. */
export interface Line {
  readonly service: Service;
  readonly meter: Meter;
  readonly quantity: number;
  readonly unit: string;
  /** In US dollars per month. */
  readonly usd: number;
}

/** @returns a line at the list price, without the free tier. */
export function line(service: Service, meter: Meter, quantity: number): Line {
  const { unit, usd } = prices[meter];
  return { service, meter, quantity, unit, usd: quantity * usd };
}

/** @returns the lines after subtracting the permanent free tier, as if the account used nothing else. */
export function withoutFreeTier(lines: readonly Line[]): readonly Line[] {
  const left = new Map<Meter, number>();
  return lines.map((each) => {
    const { usd, free = 0 }: Price = prices[each.meter];
    const before = left.get(each.meter) ?? free;
    left.set(each.meter, Math.max(0, before - each.quantity));
    return { ...each, usd: Math.max(0, each.quantity - before) * usd };
  });
}

/** @returns the total, in US dollars. */
export function total(lines: readonly Line[]): number {
  return lines.reduce((sum, { usd }) => sum + usd, 0);
}

/** @returns the totals by service, in order of first appearance. */
export function byService(lines: readonly Line[]): ReadonlyMap<Service, number> {
  const sums = new Map<Service, number>();
  for (const { service, usd } of lines) sums.set(service, (sums.get(service) ?? 0) + usd);
  return sums;
}
