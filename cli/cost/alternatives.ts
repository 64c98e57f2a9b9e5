import {
  assumed,
  bytesPerGb,
  type Deployment,
  edgeLines,
  firewallLines,
  functionLines,
  hoursPerMonth,
  type Load,
  logLines,
  regionOut,
  tracesOf,
} from './usage';
import { type Line, line } from './line';

/** The same backend with another architecture. Each has the environment's firewall and its alarms. */
export interface Alternative {
  readonly name: string;
  readonly lines: (deployment: Deployment, load: Load) => readonly Line[];
}

/** The number of simultaneous requests of a task. At least two tasks run, one in each zone. */
const task = { processors: 0.5, gigabytes: 1, requestsAtOnce: 20, fewest: 2 } as const;

/** How much more traffic the busiest minutes have than the average. There are enough tasks for them. */
const peak = 5;

/** https://aws.amazon.com/elasticloadbalancing/pricing/: the dimension of a capacity unit that is used most. */
const capacityUnit = { newConnections: 25, gigabytesPerHour: 1 } as const;

const zones = 2;

export const alternatives: readonly Alternative[] = [
  {
    name: 'REST API',
    lines: (deployment, load) => [
      ...functionLines(deployment, load),
      line('API Gateway', 'restApiRequest', load.requests),
      regionOut('API Gateway', load),
      ...guarded(deployment, load, assumed.functionLog + assumed.apiLog, 0),
    ],
  },
  {
    name: 'ALB + Fargate',
    lines: (deployment, load) => [
      ...containerLines(load),
      ...guarded(deployment, load, assumed.functionLog, 0),
    ],
  },
  {
    name: 'function URL + CloudFront',
    lines: (deployment, load) => [
      ...functionLines(deployment, load),
      ...edgeLines(load),
      ...guarded(deployment, load, assumed.functionLog, assumed.edgeLog),
    ],
  },
];

/** The firewall if the environment has one, logs and traces. */
function guarded(deployment: Deployment, load: Load, regional: number, edge: number): readonly Line[] {
  const hasFirewall = deployment.environment.edge !== false;
  const firewall = hasFirewall ? assumed.firewallLog : 0;
  return [
    ...(hasFirewall ? firewallLines(load) : []),
    ...logLines(deployment, load, { regional, edge, firewall }),
    line('X-Ray', 'trace', tracesOf(load.requests)),
  ];
}

/** @returns the number of tasks for the busiest minutes. */
export function tasksFor({ requests, duration }: Load): number {
  const perSecond = (requests / (hoursPerMonth * 3_600)) * peak;
  return Math.max(task.fewest, Math.ceil((perSecond * (duration / 1_000)) / task.requestsAtOnce));
}

/** The tasks and the load balancer are in public subnets: one address each, and no NAT gateway. */
function containerLines(load: Load): readonly Line[] {
  const tasks = tasksFor(load);
  const perHour = load.requests / hoursPerMonth;
  const gigabytesPerHour = (perHour * (assumed.requestBytes + assumed.responseBytes)) / bytesPerGb;
  const units = Math.max(
    perHour / 3_600 / capacityUnit.newConnections,
    gigabytesPerHour / capacityUnit.gigabytesPerHour,
  );
  return [
    line('Fargate', 'containerProcessor', tasks * task.processors * hoursPerMonth),
    line('Fargate', 'containerMemory', tasks * task.gigabytes * hoursPerMonth),
    line('Fargate', 'publicAddress', tasks * hoursPerMonth),
    line('load balancer', 'balancerHour', hoursPerMonth),
    line('load balancer', 'balancerCapacity', units * hoursPerMonth),
    line('load balancer', 'publicAddress', zones * hoursPerMonth),
    regionOut('load balancer', load),
  ];
}
