import { roleArn } from '../../aws/iam';
import { nameScopes } from './name-scopes';
import { is, type Scopes } from './scopes';

export interface EnvironmentScopesProps {
  /** The account, 12 digits. */
  readonly accountId: string;
  /** The region of the environment. CloudFront's resources are in us-east-1. */
  readonly region: string;
  /** The value of the tag `environment` on all resources of the environment. */
  readonly environment: string;
  /** The prefix of the environment's resource names: `kairos-dev`. */
  readonly base: string;
  /** The full names of the roles of its functions. */
  readonly functionRoles: readonly string[];
  /** The names of its log groups. */
  readonly logGroups: readonly string[];
  /** The name of the image repository. */
  readonly repository: string;
  /** The account of the image repository, 12 digits. @default - the environment's */
  readonly registryId?: string;
  /** The alias of the key of its secrets. */
  readonly keyAlias: string;
  /** Its domain name, such as api.findkairos.com. @default - none, and no permission for certificates */
  readonly domainName?: string;
  /** The domain names of the other environments, whose records it may not change. @default - there are none */
  readonly otherDomainNames?: readonly string[];
  /** The id of the hosted zone of its name. @default - unknown: the permission covers all zones */
  readonly hostedZoneId?: string;
}

/**
 * @returns the resources that the roles of an environment may use: by name if AWS knows the name before the resource
 * exists, otherwise by tag. If neither restricts an action, the scope is `*`. That is the case only for reads and for
 * log deliveries, which AWS cannot restrict.
 */
export function environmentScopes(props: EnvironmentScopesProps): Scopes {
  const { accountId, region, base } = props;
  const regions = region === 'us-east-1' ? [region] : [region, 'us-east-1'];
  const everywhere = (arn: (region: string) => string) => regions.map(arn);
  const own = (service: string, kind: string) =>
    everywhere((where) => `arn:aws:${service}:${where}:${accountId}:${kind}${base}`).flatMap((arn) => [
      arn,
      `${arn}-*`,
    ]);
  const tagged = [is('aws:ResourceTag/environment', props.environment)];
  const functions = `arn:aws:lambda:${region}:${accountId}:function:${base}`;
  const zone = [`arn:aws:route53:::hostedzone/${props.hostedZoneId ?? '*'}`];
  const deliveries = everywhere((where) => `arn:aws:logs:${where}:${accountId}:delivery:*`);
  return {
    account: { resources: ['*'] },
    change: { resources: ['arn:aws:route53:::change/*'] },
    alarm: { resources: own('cloudwatch', 'alarm:') },
    api: {
      resources: [`arn:aws:apigateway:${region}::/apis/*`, `arn:aws:apigateway:${region}::/tags/*`],
      condition: tagged,
    },
    'new-api': {
      resources: [`arn:aws:apigateway:${region}::/apis`],
      condition: [is('aws:RequestTag/environment', props.environment)],
    },
    budget: { resources: [`arn:aws:budgets::${accountId}:budget/${base}*`] },
    certificate: { resources: [`arn:aws:acm:us-east-1:${accountId}:certificate/*`], condition: tagged },
    dashboard: { resources: [`arn:aws:cloudwatch::${accountId}:dashboard/${base}*`] },
    delivery: {
      resources: [...own('logs', 'delivery-source:'), ...own('logs', 'delivery-destination:')],
    },
    'new-delivery': {
      resources: deliveries,
      condition: [is('aws:RequestTag/environment', props.environment)],
    },
    'own-delivery': { resources: deliveries, condition: tagged },
    distribution: {
      resources: [`arn:aws:cloudfront::${accountId}:distribution/*`],
      condition: tagged,
    },
    ...nameScopes({ ...props, zone }),
    'new-distribution': {
      resources: [`arn:aws:cloudfront::${accountId}:distribution/*`],
      condition: [is('aws:RequestTag/environment', props.environment)],
    },
    dns: { resources: zone },
    'edge-function': { resources: [`arn:aws:cloudfront::${accountId}:function/${base}-*`] },
    // They have no tags, and their ids are known only after they are created.
    'headers-policy': { resources: [`arn:aws:cloudfront::${accountId}:response-headers-policy/*`] },
    // Route 53 can restrict them neither by tag nor by name: list_amazonroute53.html of the service authorization
    // reference.
    'health-check': { resources: ['arn:aws:route53:::healthcheck/*'] },
    function: { resources: [functions, `${functions}:*`, `${functions}-*`] },
    'function-role': { resources: props.functionRoles.map((name) => roleArn(accountId, name)) },
    'passed-role': {
      resources: props.functionRoles.map((name) => roleArn(accountId, name)),
      condition: [is('iam:PassedToService', 'lambda.amazonaws.com')],
    },
    'key-alias': {
      resources: [`arn:aws:kms:${region}:${accountId}:key/*`],
      condition: [
        { test: 'ForAnyValue:StringEquals', variable: 'kms:ResourceAliases', values: [props.keyAlias] },
      ],
    },
    // By its tag, the key of the environment's secrets is not one of these: it belongs to the foundation.
    'own-key': {
      resources: everywhere((where) => `arn:aws:kms:${where}:${accountId}:key/*`),
      condition: tagged,
    },
    'own-key-alias': { resources: own('kms', 'alias/') },
    'new-key': { resources: ['*'], condition: [is('aws:RequestTag/environment', props.environment)] },
    'log-group': {
      resources: props.logGroups.flatMap((name) =>
        everywhere((where) => `arn:aws:logs:${where}:${accountId}:log-group:${name}`).flatMap((arn) => [
          arn,
          `${arn}:*`,
        ]),
      ),
    },
    repository: {
      resources: [`arn:aws:ecr:${region}:${props.registryId ?? accountId}:repository/${props.repository}`],
    },
    rule: { resources: own('events', 'rule/') },
    topic: { resources: own('sns', '') },
    'web-acl': {
      resources: [
        `arn:aws:wafv2:us-east-1:${accountId}:global/webacl/${base}/*`,
        `arn:aws:wafv2:us-east-1:${accountId}:global/ipset/${base}-*/*`,
        `arn:aws:wafv2:us-east-1:${accountId}:global/managedruleset/*/*`,
      ],
    },
  };
}
