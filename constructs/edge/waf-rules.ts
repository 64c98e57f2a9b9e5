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

/** How much of a body WAF reads, in KB; the largest that there is for CloudFront. */
export const inspectedKilobytes = 64;

/** What a refused client reads, by the key that rules name it with. */
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
  /** The ARNs of sets of addresses that pass all rules. */
  readonly allowedAddressSets: readonly string[];
  /** The ARNs of sets of addresses that are refused. */
  readonly blockedAddressSets: readonly string[];
  /** Managed rules that are counted instead of applied. */
  readonly countedRules: CountedRules;
  /** The path that the edge itself answers to whoever checks its health. @default - none */
  readonly healthPath?: string;
}

/** One rule of the web ACL. */
export interface WafRule extends Wafv2WebAclRule {
  readonly statement: Statement;
}

/**
 * The rules in the order in which they are asked. Priorities are fixed, so that a rule that comes or goes moves no
 * other.
 *
 * SQL injection is left out: the backend speaks to MongoDB and builds no SQL, so that group would cost 200 WCUs and
 * refuse people who write about databases, and protect nothing.
 */
export function wafRules(props: WafRulesProps): readonly WafRule[] {
  const { allowedAddressSets, blockedAddressSets, countedRules, healthPath } = props;
  return [
    own('allowed-addresses', 0, { allow: {} }, fromAddresses(allowedAddressSets)),
    own('blocked-addresses', 10, refuse(403, 'forbidden'), fromAddresses(blockedAddressSets)),
    // Before the rules of AWS, which may change: a checker that one of them refuses is a false alarm.
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
    // What is longer than what WAF reads would pass unread; the backend takes no uploads.
    own('body-size', 50, refuse(413, 'too-large'), bodyOver(inspectedKilobytes * 1024)),
    managed('known-bad-inputs', 60, 'knownBadInputs', countedRules.knownBadInputs),
    // Its own limit of 8 KB refuses honest requests without a trace in the application: `body-size` stands in.
    managed('common', 70, 'common', ['SizeRestrictions_BODY', ...(countedRules.common ?? [])]),
  ];
}

/** A browser asks for permission with OPTIONS before it logs in: only the attempt itself counts. */
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

/** What makes a rule's matches visible: a metric of its name, and samples of the requests. */
export function visibility(metricName: string) {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
