import { z } from 'zod';
import type { Meter } from '../../aws/prices';
import { UserError } from '../../errors';
import { type Line, line, type Service } from './line';
import { assumed, bytesPerGb, hoursPerMonth } from './usage';

const templateSchema = z.object({
  resource: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
});

type Resource = Readonly<Record<string, unknown>>;

interface Charge {
  readonly service: Service;
  readonly meter: Meter;
  /** @returns the number of units of one resource. @default 1 */
  readonly units?: (resource: Resource) => number;
}

const queriesSchema = z.array(z.object({ metric: z.unknown().optional() }));
const rulesSchema = z.array(z.unknown());

/** Each metric in a metric math expression is billed: https://aws.amazon.com/cloudwatch/pricing/ */
const metricsOf = ({ metric_query: queries }: Resource) =>
  queries === undefined
    ? 1
    : queriesSchema.parse(queries).filter(({ metric }) => metric !== undefined).length;

const healthCheckSchema = z.object({ regions: z.array(z.string()), request_interval: z.number() });

/** Two checkers per region send requests. Each has an address range in ip-ranges.json. */
const checkersPerRegion = 2;

/** @returns how many requests a health check sends per month. The edge bills every request. */
function checksOf(resource: Resource): number {
  const { regions, request_interval: interval } = healthCheckSchema.parse(resource);
  return (regions.length * checkersPerRegion * hoursPerMonth * 3_600) / interval;
}

const loggedOfCheck = assumed.edgeLog + assumed.firewallLog - assumed.firewallLogIncluded;

/** Resources with a fixed cost. */
const charges: Readonly<Record<string, readonly Charge[]>> = {
  aws_cloudwatch_composite_alarm: [{ service: 'watching', meter: 'compositeAlarm' }],
  aws_cloudwatch_dashboard: [{ service: 'watching', meter: 'dashboard' }],
  aws_cloudwatch_log_metric_filter: [{ service: 'watching', meter: 'ownMetric' }],
  aws_cloudwatch_metric_alarm: [{ service: 'watching', meter: 'alarmMetric', units: metricsOf }],
  // Each of an environment's own keys encrypts the messages of a topic.
  aws_kms_key: [{ service: 'watching', meter: 'key' }],
  aws_route53_health_check: [
    { service: 'watching', meter: 'healthCheck' },
    { service: 'watching', meter: 'healthCheckFeature', units: ({ type }) => (type === 'HTTPS' ? 1 : 0) },
    { service: 'watching', meter: 'edgeRequest', units: checksOf },
    { service: 'watching', meter: 'edgeFunction', units: checksOf },
    { service: 'watching', meter: 'webAclRequest', units: checksOf },
    {
      service: 'watching',
      meter: 'logEdge',
      units: (resource) => (checksOf(resource) * loggedOfCheck) / bytesPerGb,
    },
  ],
  aws_wafv2_web_acl: [
    { service: 'WAF', meter: 'webAcl' },
    { service: 'WAF', meter: 'webAclRule', units: ({ rule }) => rulesSchema.parse(rule).length },
  ],
};

/** Resources without a fixed cost: they are billed by use, or not at all. */
const free: ReadonlySet<string> = new Set([
  'aws_acm_certificate',
  'aws_acm_certificate_validation',
  'aws_apigatewayv2_api',
  'aws_apigatewayv2_authorizer',
  'aws_apigatewayv2_integration',
  'aws_apigatewayv2_route',
  'aws_apigatewayv2_stage',
  'aws_budgets_budget',
  'aws_cloudfront_distribution',
  'aws_cloudfront_function',
  'aws_cloudfront_response_headers_policy',
  'aws_cloudwatch_event_rule',
  'aws_cloudwatch_event_target',
  'aws_cloudwatch_log_delivery',
  'aws_cloudwatch_log_delivery_destination',
  'aws_cloudwatch_log_delivery_source',
  'aws_cloudwatch_log_group',
  'aws_cloudwatch_query_definition',
  'aws_iam_role',
  'aws_iam_role_policy',
  'aws_kms_alias',
  'aws_lambda_alias',
  'aws_lambda_function',
  'aws_lambda_permission',
  // Its price depends on the memory and the hours: cli/cost/usage.ts.
  'aws_lambda_provisioned_concurrency_config',
  'aws_route53_record',
  'aws_sns_topic',
  'aws_sns_topic_policy',
  'aws_sns_topic_subscription',
  'aws_wafv2_ip_set',
  'aws_wafv2_web_acl_logging_configuration',
  'terraform_data',
]);

/**
 * @param template an environment's synthesized stack.
 * @returns the fixed cost of a month, including the key of its secrets, which belongs to the foundation.
 * @throws UserError if the price of a type of resource is unknown.
 */
export function fixedLines(template: unknown): readonly Line[] {
  const { resource } = templateSchema.parse(template);
  const unknown = Object.keys(resource).filter((type) => !(type in charges) && !free.has(type));
  if (unknown.length > 0)
    throw new UserError(
      `cli/cost/fixed.ts has no price of ${unknown.join(', ')}; add it, or mark it as free`,
    );
  const counted = Object.entries(charges).flatMap(([type, each]) =>
    each.map(({ service, meter, units = () => 1 }) =>
      line(
        service,
        meter,
        Object.values(resource[type] ?? {}).reduce((sum, one) => sum + units(one), 0),
      ),
    ),
  );
  return [...counted.filter(({ quantity }) => quantity > 0), line('keys', 'key', 1)];
}
