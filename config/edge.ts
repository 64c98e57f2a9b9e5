import { z } from 'zod';
import { type CountedRules, managedRuleGroups } from '../aws/managed-rules';
import { isNetwork, networkOf } from './cidr';
import { type ApiKeyName, isApiKeyName } from './names';
import { distinct, hostName, oneOf, orNone, text, whole } from './values';

/** The edge of one environment: CloudFront with a web application firewall, and a lock on the origin. */
export interface EdgeConfiguration {
  /**
   * The number of the origin's secret. If it is raised by one, a new secret is created, and the previous one still
   * works.
   */
  readonly rotation: number;
  /** How many requests one address may send in 5 minutes. */
  readonly requestLimit: number;
  /** How many requests to the login routes one address may send in 5 minutes. */
  readonly loginLimit: number;
  /** The paths of the login routes. Every path that starts with one of them counts. */
  readonly loginPaths: readonly string[];
  /** Addresses that skip all rules, in CIDR notation, such as `203.0.113.0/24` or `2001:db8::/32`. */
  readonly allowedAddresses: readonly string[];
  /** Addresses that are blocked, in CIDR notation. */
  readonly blockedAddresses: readonly string[];
  /** Managed rules that count matches instead of blocking them, by group. */
  readonly countedRules: CountedRules;
  /** The API's own domain name. @default - CloudFront's own domain name */
  readonly domain?: DomainConfiguration;
  /**
   * Which requests the API behind the edge accepts: those of CloudFront only, or with `open` also direct requests,
   * which bypass the firewall. `open` is for the time in which clients change to the URL of the edge.
   * @default 'locked'
   */
  readonly origin?: 'locked' | 'open';
  /** Routes that need a key in `x-api-key`. @default - none */
  readonly apiKeys?: ApiKeyConfiguration;
}

export interface DomainConfiguration {
  /** The domain name, such as `api.findkairos.com`. Its certificate and records are created. */
  readonly name: string;
  /** The Route 53 hosted zone of the name, such as `findkairos.com`. */
  readonly zone: string;
  /**
   * The zone's id, which restricts the pipelines to this zone.
   * `aws route53 list-hosted-zones-by-name --dns-name findkairos.com` prints it after `/hostedzone/`.
   * @default - any zone of the account is allowed
   */
  readonly zoneId?: string;
}

export interface ApiKeyConfiguration {
  /** The paths that need a key, each including all paths below it. */
  readonly prefixes: readonly string[];
  /** The secrets that contain the keys, such as `API_KEY_PARTNER`. All of them are valid. */
  readonly names: readonly ApiKeyName[];
}

const rightPath = 'a path such as /api/v1/auth/token, without a slash at its end, of at most 200 characters';

/**
 * WAF searches for at most 200 bytes: https://docs.aws.amazon.com/waf/latest/APIReference/API_ByteMatchStatement.html
 */
const path = text(/^(\/[A-Za-z0-9._~-]+)+$/, rightPath).max(200, rightPath);

/** https://docs.aws.amazon.com/waf/latest/developerguide/limits.html */
const mostAddresses = 10_000;

/** In characters. Ten names with their paths must fit into the variables of the function that checks keys. */
const longestKeyName = 100;

const address = z
  .union([z.cidrv4(), z.cidrv6()], 'addresses in CIDR notation, such as 203.0.113.7/32 or 2001:db8::/32')
  // https://docs.aws.amazon.com/waf/latest/APIReference/API_IPSet.html
  .refine((cidr) => !cidr.endsWith('/0'), 'fewer than all addresses: WAF does not accept /0')
  // https://github.com/aws/aws-cdk/issues/20003
  .refine(isNetwork, { error: ({ input }) => rightAddress(String(input)) });

function rightAddress(cidr: string): string {
  const [alone = ''] = cidr.split('/');
  const whole = alone.includes(':') ? 128 : 32;
  return `${networkOf(cidr)} for the whole network, or ${alone}/${whole} for the single address: WAF accepts no other`;
}

const addresses = distinct(
  z
    .array(address, 'a list of addresses, which may be empty')
    .max(mostAddresses, `at most ${mostAddresses} addresses, the limit of WAF`),
);

/** WAF accepts no limit below 10: https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html */
const rateLimit = whole(10, 2_000_000_000, 'requests per 5 minutes');

const right = {
  zone: 'the name of the Route 53 hosted zone that the domain lies in, such as findkairos.com',
  zoneId: "the hosted zone's id, such as Z0123456789ABC, which aws route53 list-hosted-zones-by-name prints",
  // https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
  name: 'a domain name of at most 64 characters, the limit of certificates, such as api.findkairos.com',
};

const domain = z
  .strictObject({
    name: text(hostName, right.name).max(64, right.name),
    zone: text(hostName, right.zone),
    zoneId: text(/^Z[A-Z0-9]{1,31}$/, right.zoneId).optional(),
  })
  .refine(({ name, zone }) => name === zone || name.endsWith(`.${zone}`), {
    path: ['name'],
    error: 'the zone itself or a name that ends with it, or else no certificate can be validated',
  });

const counted = <const Rules extends readonly [string, ...string[]]>(rules: Rules) =>
  z.array(oneOf(...rules)).optional();

/** What `edge` of an environment can be, unless it is `false`. */
export const edgeSchema: z.ZodType<EdgeConfiguration> = z
  .strictObject(
    {
      rotation: whole(1, 1_000_000, 'rotations'),
      requestLimit: rateLimit,
      loginLimit: rateLimit,
      loginPaths: distinct(
        z.array(path, 'a list of paths').min(1, 'at least one path').max(5, 'at most 5 paths'),
      ),
      allowedAddresses: addresses,
      blockedAddresses: addresses,
      countedRules: z.strictObject({
        ipReputation: counted(managedRuleGroups.ipReputation.rules),
        knownBadInputs: counted(managedRuleGroups.knownBadInputs.rules),
        common: counted(managedRuleGroups.common.rules),
      }),
      domain: domain.optional(),
      origin: oneOf('locked', 'open').optional(),
      apiKeys: z
        .strictObject({
          prefixes: distinct(
            z.array(path, 'a list of paths').min(1, 'at least one path').max(10, 'at most 10 paths'),
          ),
          names: distinct(
            z
              .array(
                z.custom<ApiKeyName>(
                  (name) => typeof name === 'string' && isApiKeyName(name) && name.length <= longestKeyName,
                  `a name such as API_KEY_PARTNER, of at most ${longestKeyName} characters`,
                ),
                'a list of names',
              )
              .min(1, 'at least one name: without a key every request would be refused')
              // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
              .max(10, 'at most 10 names, the limit of one SSM call'),
          ),
        })
        .optional(),
    },
    'an edge as config/edge.ts describes it, or false for none',
  )
  .refine(({ origin, apiKeys }) => origin !== 'open' || apiKeys === undefined, {
    path: ['origin'],
    error: 'locked if there are API keys: the routes of an open API do not check them',
  });

export const edgeOrNoneSchema = orNone(edgeSchema);
