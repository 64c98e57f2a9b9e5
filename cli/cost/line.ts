import { type Meter, type Price, prices } from '../../aws/prices';

/** What a bill is read by. */
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

/** One line of a bill: so many units of a meter. */
export interface Line {
  readonly service: Service;
  readonly meter: Meter;
  readonly quantity: number;
  readonly unit: string;
  /** In US dollars a month. */
  readonly usd: number;
}

/** @returns a line at the list price, from the first unit on. */
export function line(service: Service, meter: Meter, quantity: number): Line {
  const { unit, usd } = prices[meter];
  return { service, meter, quantity, unit, usd: quantity * usd };
}

/** @returns the lines as if the account had nothing else: what it gets for nothing for ever is taken off. */
export function withoutFreeTier(lines: readonly Line[]): readonly Line[] {
  const left = new Map<Meter, number>();
  return lines.map((each) => {
    const { usd, free = 0 }: Price = prices[each.meter];
    const before = left.get(each.meter) ?? free;
    left.set(each.meter, Math.max(0, before - each.quantity));
    return { ...each, usd: Math.max(0, each.quantity - before) * usd };
  });
}

/** @returns the sum, in US dollars. */
export function total(lines: readonly Line[]): number {
  return lines.reduce((sum, { usd }) => sum + usd, 0);
}

/** @returns the sums by service, in the order in which the services come first. */
export function byService(lines: readonly Line[]): ReadonlyMap<Service, number> {
  const sums = new Map<Service, number>();
  for (const { service, usd } of lines) sums.set(service, (sums.get(service) ?? 0) + usd);
  return sums;
}
