import type { Wafv2WebAclRule } from '@cdktf/provider-aws/lib/wafv2-web-acl';
import type { CountedRules, ManagedRuleGroup } from '../../aws/managed-rules';
import {
  allOf,
  anyOf,
  below,
  bodyOver,
  exactly,
  fromAddresses,
  managedRules,
  ofMethod,
  requestsPerAddress,
  type Statement,
} from './waf-statements';

/** The window of the rate limits, in seconds. */
export const rateWindow = 300;

/** How much of a body WAF reads, in KB; the maximum for CloudFront. */
export const inspectedKilobytes = 64;

/** The bodies of the responses to blocked requests, by the key that rules use. */
export const responseBodies = {
  'too-many-requests': '{"message":"Too Many Requests"}',
  'too-large': '{"message":"Content Too Large"}',
  forbidden: '{"message":"Forbidden"}',
} as const;

export interface WafRulesProps {
  /** How many requests one address may send in 5 minutes. */
  readonly requestLimit: number;
  /** How many requests to the login routes one address may send in 5 minutes. */
  readonly loginLimit: number;
  /** The paths of the login routes. */
  readonly loginPaths: readonly string[];
  /** The ARNs of the IP sets that skip all rules. */
  readonly allowedAddressSets: readonly string[];
  /** The ARNs of the IP sets that are blocked. */
  readonly blockedAddressSets: readonly string[];
  /** Managed rules that count matches instead of blocking them. */
  readonly countedRules: CountedRules;
  /** The path on which the edge itself answers health checks. @default - none */
  readonly healthPath?: string;
}

/** One rule of the web ACL. */
export interface WafRule extends Wafv2WebAclRule {
  readonly statement: Statement;
}

/**
 * The rules in order of evaluation. Priorities are fixed, so that adding or removing a rule does not move others.
 *
 * The SQL injection group is left out, because the backend uses MongoDB and builds no SQL. The group would cost 200
 * WCUs, block people who write about databases, and protect nothing.
 */
export function wafRules(props: WafRulesProps): readonly WafRule[] {
  const { allowedAddressSets, blockedAddressSets, countedRules, healthPath } = props;
  return [
    own('allowed-addresses', 0, { allow: {} }, fromAddresses(allowedAddressSets)),
    own('blocked-addresses', 10, refuse(403, 'forbidden'), fromAddresses(blockedAddressSets)),
    // Before the managed rules, which may change: if one of them blocked a health checker, the alarm would be false.
    ...(healthPath === undefined
      ? []
      : [own('health-check', 15, { allow: {} }, allOf([ofMethod('GET'), exactly(healthPath)]))]),
    managed('ip-reputation', 20, 'ipReputation', countedRules.ipReputation),
    own('request-rate', 30, tooMany, requestsPerAddress(props.requestLimit, rateWindow)),
    own(
      'login-rate',
      40,
      tooMany,
      requestsPerAddress(props.loginLimit, rateWindow, logins(props.loginPaths)),
    ),
    // WAF would not read the rest of a longer body. The backend accepts no uploads.
    own('body-size', 50, refuse(413, 'too-large'), bodyOver(inspectedKilobytes * 1024)),
    managed('known-bad-inputs', 60, 'knownBadInputs', countedRules.knownBadInputs),
    // Its own limit of 8 KB blocks legitimate requests without a trace in the application. `body-size` replaces it.
    managed('common', 70, 'common', ['SizeRestrictions_BODY', ...(countedRules.common ?? [])]),
  ];
}

/** A browser sends OPTIONS before it logs in. Only the login itself counts. */
function logins(paths: readonly string[]): Statement {
  return allOf([ofMethod('POST'), anyOf(paths.map(below))]);
}

type Action = NonNullable<Wafv2WebAclRule['action']>;

const tooMany: Action = refuse(429, 'too-many-requests', [
  { name: 'retry-after', value: String(rateWindow) },
]);

function refuse(
  responseCode: number,
  customResponseBodyKey: keyof typeof responseBodies,
  responseHeader: { name: string; value: string }[] = [],
): Action {
  return { block: { customResponse: { responseCode, customResponseBodyKey, responseHeader } } };
}

function own(name: string, priority: number, action: Action, statement: Statement): WafRule {
  return { name, priority, action, statement, visibilityConfig: visibility(name) };
}

function managed(
  name: string,
  priority: number,
  group: ManagedRuleGroup,
  counted: readonly string[] | undefined,
): WafRule {
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: managedRules(group, [...new Set(counted)]),
    visibilityConfig: visibility(name),
  };
}

/** The visibility of a rule: a metric with its name, and samples of the requests. */
export function visibility(metricName: string) {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
