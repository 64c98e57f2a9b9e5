/**
 * The resources of a group of actions: an ARN by name if AWS can restrict them, otherwise `account`.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export type Scope =
  | 'account'
  | 'alarm'
  | 'api'
  | 'api-key'
  | 'budget'
  | 'bucket'
  | 'certificate'
  | 'change'
  | 'dashboard'
  | 'delivery'
  | 'distribution'
  | 'dns'
  | 'edge-function'
  | 'function'
  | 'function-role'
  | 'headers-policy'
  | 'health-check'
  | 'identity-provider'
  | 'key'
  | 'key-alias'
  | 'new-key'
  | 'own-delivery'
  | 'own-key'
  | 'own-key-alias'
  | 'log-group'
  | 'new-api'
  | 'new-certificate'
  | 'new-delivery'
  | 'new-distribution'
  | 'old-record'
  | 'parameter'
  | 'passed-role'
  | 'pipeline-policy'
  | 'pipeline-role'
  | 'record'
  | 'replication-role'
  | 'repository'
  | 'rule'
  | 'topic'
  | 'web-acl';

/** Actions on the resources of one scope. */
export interface Grant {
  readonly on: Scope;
  /** What a plan calls. */
  readonly read: readonly string[];
  /** What an apply calls in addition, to create, update and destroy. */
  readonly write: readonly string[];
}

export type ActionTable = Readonly<Record<string, readonly Grant[]>>;

const grant = (on: Scope, read: readonly string[], write: readonly string[] = []): Grant => ({
  on,
  read,
  write,
});

/** For a service that writes into a log group. AWS checks these only at apply, and cannot restrict them. */
const logDelivery = grant(
  'account',
  ['logs:DescribeLogGroups'],
  [
    'logs:CreateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:DescribeResourcePolicies',
    'logs:GetLogDelivery',
    'logs:ListLogDeliveries',
    'logs:PutResourcePolicy',
    'logs:UpdateLogDelivery',
  ],
);

/** AWS checks `TagResource` for tagged resources, although the reference lists only the HTTP methods. */
const api = grant(
  'api',
  ['apigateway:GET'],
  [
    'apigateway:DELETE',
    'apigateway:PATCH',
    'apigateway:POST',
    'apigateway:TagResource',
    'apigateway:UntagResource',
  ],
);

const role = (on: 'function-role' | 'pipeline-role') =>
  grant(
    on,
    ['iam:GetRole', 'iam:ListAttachedRolePolicies', 'iam:ListRolePolicies'],
    [
      'iam:CreateRole',
      'iam:DeleteRole',
      'iam:ListInstanceProfilesForRole',
      'iam:PutRolePermissionsBoundary',
      'iam:TagRole',
      'iam:UntagRole',
      'iam:UpdateAssumeRolePolicy',
      'iam:UpdateRole',
      'iam:UpdateRoleDescription',
    ],
  );

const rolePolicy = (on: 'function-role' | 'pipeline-role') =>
  grant(on, ['iam:GetRolePolicy'], ['iam:DeleteRolePolicy', 'iam:PutRolePolicy']);

/**
 * The actions that each type of resource in the stack of an environment needs: those that AWS provider 5.100.0 was seen
 * to call, and those that AWS checks only at apply. A missing type stops the synth.
 */
export const environmentActions: ActionTable = {
  aws_acm_certificate: [
    grant(
      'certificate',
      ['acm:DescribeCertificate', 'acm:ListTagsForCertificate'],
      ['acm:AddTagsToCertificate', 'acm:DeleteCertificate', 'acm:RemoveTagsFromCertificate'],
    ),
    // It has no ARN before it exists.
    grant('new-certificate', [], ['acm:RequestCertificate']),
  ],
  aws_acm_certificate_validation: [grant('certificate', ['acm:DescribeCertificate'])],
  aws_apigatewayv2_api: [api, grant('new-api', [], ['apigateway:POST', 'apigateway:TagResource'])],
  aws_apigatewayv2_authorizer: [api],
  aws_apigatewayv2_integration: [api],
  aws_apigatewayv2_route: [api],
  aws_apigatewayv2_stage: [api, logDelivery],
  aws_budgets_budget: [
    grant(
      'budget',
      ['budgets:ListTagsForResource', 'budgets:ViewBudget'],
      ['budgets:ModifyBudget', 'budgets:TagResource', 'budgets:UntagResource'],
    ),
  ],
  aws_cloudfront_distribution: [
    grant(
      'distribution',
      ['cloudfront:GetDistribution', 'cloudfront:ListTagsForResource'],
      [
        'cloudfront:DeleteDistribution',
        // When a tag is added later, the request names only that tag.
        'cloudfront:TagResource',
        'cloudfront:UntagResource',
        'cloudfront:UpdateDistribution',
      ],
    ),
    grant('new-distribution', [], ['cloudfront:CreateDistribution', 'cloudfront:TagResource']),
    grant('web-acl', ['wafv2:GetWebACL']),
  ],
  aws_cloudfront_function: [
    grant(
      'edge-function',
      ['cloudfront:DescribeFunction', 'cloudfront:GetFunction'],
      [
        'cloudfront:CreateFunction',
        'cloudfront:DeleteFunction',
        'cloudfront:PublishFunction',
        'cloudfront:UpdateFunction',
      ],
    ),
  ],
  aws_cloudfront_response_headers_policy: [
    grant(
      'headers-policy',
      ['cloudfront:GetResponseHeadersPolicy'],
      [
        'cloudfront:CreateResponseHeadersPolicy',
        'cloudfront:DeleteResponseHeadersPolicy',
        'cloudfront:UpdateResponseHeadersPolicy',
      ],
    ),
  ],
  aws_cloudwatch_composite_alarm: [
    grant(
      'alarm',
      ['cloudwatch:ListTagsForResource'],
      [
        'cloudwatch:DeleteAlarms',
        'cloudwatch:PutCompositeAlarm',
        'cloudwatch:TagResource',
        'cloudwatch:UntagResource',
      ],
    ),
    // A principal that may not describe all alarms gets no composite alarms.
    grant('account', ['cloudwatch:DescribeAlarms']),
  ],
  aws_cloudwatch_dashboard: [
    grant(
      'dashboard',
      ['cloudwatch:GetDashboard'],
      ['cloudwatch:DeleteDashboards', 'cloudwatch:PutDashboard'],
    ),
  ],
  aws_cloudwatch_event_rule: [
    grant(
      'rule',
      ['events:DescribeRule', 'events:ListTagsForResource'],
      ['events:DeleteRule', 'events:PutRule', 'events:TagResource', 'events:UntagResource'],
    ),
  ],
  aws_cloudwatch_event_target: [
    grant('rule', ['events:ListTargetsByRule'], ['events:PutTargets', 'events:RemoveTargets']),
  ],
  aws_cloudwatch_log_delivery: [
    // For a source, a destination, and the delivery itself, which has no name, only an id.
    grant('delivery', [], ['logs:CreateDelivery']),
    grant('new-delivery', [], ['logs:CreateDelivery', 'logs:TagResource']),
    grant(
      'own-delivery',
      ['logs:GetDelivery', 'logs:ListTagsForResource'],
      ['logs:DeleteDelivery', 'logs:TagResource', 'logs:UntagResource', 'logs:UpdateDeliveryConfiguration'],
    ),
    logDelivery,
  ],
  aws_cloudwatch_log_delivery_destination: [
    grant(
      'delivery',
      ['logs:GetDeliveryDestination', 'logs:ListTagsForResource'],
      [
        'logs:DeleteDeliveryDestination',
        'logs:PutDeliveryDestination',
        'logs:TagResource',
        'logs:UntagResource',
      ],
    ),
  ],
  aws_cloudwatch_log_delivery_source: [
    grant(
      'delivery',
      ['logs:GetDeliverySource', 'logs:ListTagsForResource'],
      ['logs:DeleteDeliverySource', 'logs:PutDeliverySource', 'logs:TagResource', 'logs:UntagResource'],
    ),
    // AWS checks it for the distribution that becomes a source.
    grant('distribution', [], ['cloudfront:AllowVendedLogDeliveryForResource']),
  ],
  aws_cloudwatch_log_group: [
    grant(
      'log-group',
      ['logs:ListTagsForResource'],
      [
        'logs:CreateLogGroup',
        'logs:DeleteLogGroup',
        'logs:PutRetentionPolicy',
        'logs:TagResource',
        'logs:UntagResource',
      ],
    ),
    grant('account', ['logs:DescribeLogGroups']),
  ],
  aws_cloudwatch_log_metric_filter: [
    grant('log-group', ['logs:DescribeMetricFilters'], ['logs:DeleteMetricFilter', 'logs:PutMetricFilter']),
  ],
  aws_cloudwatch_metric_alarm: [
    grant(
      'alarm',
      ['cloudwatch:ListTagsForResource'],
      [
        'cloudwatch:DeleteAlarms',
        'cloudwatch:PutMetricAlarm',
        'cloudwatch:TagResource',
        'cloudwatch:UntagResource',
      ],
    ),
    grant('account', ['cloudwatch:DescribeAlarms']),
  ],
  aws_cloudwatch_query_definition: [
    grant(
      'account',
      ['logs:DescribeQueryDefinitions'],
      ['logs:DeleteQueryDefinition', 'logs:PutQueryDefinition'],
    ),
  ],
  aws_iam_role: [role('function-role')],
  aws_iam_role_policy: [rolePolicy('function-role')],
  aws_kms_alias: [
    grant('account', ['kms:ListAliases']),
    // AWS checks it for both the alias and the key.
    grant('own-key', [], ['kms:CreateAlias', 'kms:DeleteAlias', 'kms:UpdateAlias']),
    grant('own-key-alias', [], ['kms:CreateAlias', 'kms:DeleteAlias', 'kms:UpdateAlias']),
  ],
  aws_kms_key: [
    grant(
      'own-key',
      ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListResourceTags'],
      [
        'kms:EnableKeyRotation',
        'kms:PutKeyPolicy',
        'kms:ScheduleKeyDeletion',
        'kms:TagResource',
        'kms:UntagResource',
        'kms:UpdateKeyDescription',
      ],
    ),
    grant('new-key', [], ['kms:CreateKey', 'kms:TagResource']),
  ],
  aws_lambda_alias: [
    grant(
      'function',
      ['lambda:GetAlias'],
      ['lambda:CreateAlias', 'lambda:DeleteAlias', 'lambda:UpdateAlias'],
    ),
  ],
  aws_lambda_function: [
    grant(
      'function',
      ['lambda:GetFunction', 'lambda:GetFunctionCodeSigningConfig', 'lambda:ListVersionsByFunction'],
      [
        'lambda:CreateFunction',
        'lambda:DeleteFunction',
        'lambda:DeleteFunctionConcurrency',
        'lambda:GetFunctionConfiguration',
        'lambda:PublishVersion',
        'lambda:PutFunctionConcurrency',
        'lambda:TagResource',
        'lambda:UntagResource',
        'lambda:UpdateFunctionCode',
        'lambda:UpdateFunctionConfiguration',
      ],
    ),
    grant('passed-role', [], ['iam:PassRole']),
    // Lambda reads the image and the repository's policy with the permissions of the principal that creates the
    // function.
    grant('repository', [], ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:GetRepositoryPolicy']),
  ],
  aws_lambda_permission: [
    grant('function', ['lambda:GetPolicy'], ['lambda:AddPermission', 'lambda:RemovePermission']),
  ],
  aws_lambda_provisioned_concurrency_config: [
    grant(
      'function',
      ['lambda:GetProvisionedConcurrencyConfig'],
      ['lambda:DeleteProvisionedConcurrencyConfig', 'lambda:PutProvisionedConcurrencyConfig'],
    ),
  ],
  aws_route53_health_check: [
    grant(
      'health-check',
      ['route53:GetHealthCheck', 'route53:ListTagsForResource'],
      ['route53:ChangeTagsForResource', 'route53:DeleteHealthCheck', 'route53:UpdateHealthCheck'],
    ),
    grant('account', [], ['route53:CreateHealthCheck']),
  ],
  aws_route53_record: [
    grant('dns', ['route53:GetHostedZone', 'route53:ListResourceRecordSets'], []),
    grant('record', [], ['route53:ChangeResourceRecordSets']),
    // The environment's previous domain name is no longer in the table when its records are deleted.
    grant('old-record', [], ['route53:ChangeResourceRecordSets']),
    grant('change', [], ['route53:GetChange']),
  ],
  aws_sns_topic: [
    grant(
      'topic',
      ['sns:GetTopicAttributes', 'sns:ListTagsForResource'],
      [
        'sns:CreateTopic',
        'sns:DeleteTopic',
        'sns:SetTopicAttributes',
        'sns:TagResource',
        'sns:UntagResource',
      ],
    ),
  ],
  aws_sns_topic_policy: [grant('topic', ['sns:GetTopicAttributes'], ['sns:SetTopicAttributes'])],
  aws_sns_topic_subscription: [
    grant(
      'topic',
      ['sns:GetSubscriptionAttributes'],
      ['sns:SetSubscriptionAttributes', 'sns:Subscribe', 'sns:Unsubscribe'],
    ),
  ],
  aws_wafv2_ip_set: [
    grant(
      'web-acl',
      ['wafv2:GetIPSet', 'wafv2:ListTagsForResource'],
      [
        'wafv2:CreateIPSet',
        'wafv2:DeleteIPSet',
        'wafv2:TagResource',
        'wafv2:UntagResource',
        'wafv2:UpdateIPSet',
      ],
    ),
  ],
  aws_wafv2_web_acl: [
    grant(
      'web-acl',
      ['wafv2:GetWebACL', 'wafv2:ListTagsForResource'],
      [
        'wafv2:CreateWebACL',
        'wafv2:DeleteWebACL',
        'wafv2:TagResource',
        'wafv2:UntagResource',
        'wafv2:UpdateWebACL',
      ],
    ),
  ],
  aws_wafv2_web_acl_logging_configuration: [
    grant(
      'web-acl',
      ['wafv2:GetLoggingConfiguration'],
      ['wafv2:DeleteLoggingConfiguration', 'wafv2:PutLoggingConfiguration'],
    ),
    logDelivery,
  ],
  terraform_data: [],
  'data.aws_ecr_image': [grant('repository', ['ecr:DescribeImages', 'ecr:DescribeRepositories'])],
  'data.aws_iam_policy_document': [],
  'data.aws_kms_alias': [grant('account', ['kms:ListAliases']), grant('key-alias', ['kms:DescribeKey'])],
  'data.aws_route53_zone': [
    grant('account', ['route53:ListHostedZones']),
    grant('dns', ['route53:GetHostedZone', 'route53:ListTagsForResource']),
  ],
  // The state itself. Every role may read its own.
  'data.aws_s3_objects': [],
  'data.terraform_remote_state': [],
};

/**
 * The same for the foundation. Its plan reads no secret and no image, so what their refresh calls is listed as a write:
 * only an apply refreshes them.
 */
export const foundationActions: ActionTable = {
  aws_ecr_lifecycle_policy: [
    grant('repository', ['ecr:GetLifecyclePolicy'], ['ecr:DeleteLifecyclePolicy', 'ecr:PutLifecyclePolicy']),
  ],
  // A registry is not a resource that a policy can name.
  aws_ecr_registry_policy: [
    grant('account', ['ecr:GetRegistryPolicy'], ['ecr:DeleteRegistryPolicy', 'ecr:PutRegistryPolicy']),
  ],
  aws_ecr_replication_configuration: [
    grant('account', ['ecr:DescribeRegistry'], ['ecr:PutReplicationConfiguration']),
    // ECR creates its role for copying with the permissions of the principal that configures it.
    // https://docs.aws.amazon.com/AmazonECR/latest/userguide/slr-replication.html
    grant('replication-role', [], ['iam:CreateServiceLinkedRole']),
  ],
  aws_ecr_repository: [
    grant(
      'repository',
      ['ecr:DescribeRepositories', 'ecr:ListTagsForResource'],
      [
        'ecr:CreateRepository',
        'ecr:PutImageScanningConfiguration',
        'ecr:PutImageTagMutability',
        'ecr:TagResource',
        'ecr:UntagResource',
      ],
    ),
  ],
  aws_ecr_repository_policy: [
    grant(
      'repository',
      ['ecr:GetRepositoryPolicy'],
      ['ecr:DeleteRepositoryPolicy', 'ecr:SetRepositoryPolicy'],
    ),
  ],
  aws_iam_openid_connect_provider: [
    grant(
      'identity-provider',
      ['iam:GetOpenIDConnectProvider'],
      [
        'iam:AddClientIDToOpenIDConnectProvider',
        'iam:CreateOpenIDConnectProvider',
        'iam:DeleteOpenIDConnectProvider',
        'iam:RemoveClientIDFromOpenIDConnectProvider',
        'iam:TagOpenIDConnectProvider',
        'iam:UntagOpenIDConnectProvider',
        'iam:UpdateOpenIDConnectProviderThumbprint',
      ],
    ),
  ],
  aws_iam_policy: [
    grant(
      'pipeline-policy',
      ['iam:GetPolicy', 'iam:GetPolicyVersion'],
      [
        'iam:CreatePolicy',
        'iam:CreatePolicyVersion',
        'iam:DeletePolicy',
        'iam:DeletePolicyVersion',
        'iam:ListPolicyVersions',
        'iam:TagPolicy',
        'iam:UntagPolicy',
      ],
    ),
  ],
  aws_iam_role: [role('pipeline-role')],
  aws_iam_role_policies_exclusive: [
    grant('pipeline-role', ['iam:ListRolePolicies'], ['iam:DeleteRolePolicy']),
  ],
  aws_iam_role_policy: [rolePolicy('pipeline-role')],
  aws_iam_role_policy_attachments_exclusive: [
    grant(
      'pipeline-role',
      ['iam:ListAttachedRolePolicies'],
      ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
    ),
  ],
  aws_iam_role_policy_attachment: [
    grant(
      'pipeline-role',
      ['iam:ListAttachedRolePolicies'],
      ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
    ),
  ],
  aws_kms_alias: [
    grant('account', ['kms:ListAliases']),
    grant('key', [], ['kms:CreateAlias', 'kms:DeleteAlias', 'kms:UpdateAlias']),
  ],
  aws_kms_key: [
    grant(
      'key',
      ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListResourceTags'],
      [
        'kms:EnableKeyRotation',
        'kms:PutKeyPolicy',
        'kms:TagResource',
        'kms:UntagResource',
        'kms:UpdateKeyDescription',
      ],
    ),
    // It has no ARN before it exists.
    grant('account', [], ['kms:CreateKey']),
  ],
  aws_s3_bucket: [grant('bucket', ['s3:Get*', 's3:ListBucket'], ['s3:PutBucketTagging'])],
  aws_s3_bucket_lifecycle_configuration: [grant('bucket', [], ['s3:PutLifecycleConfiguration'])],
  aws_s3_bucket_ownership_controls: [grant('bucket', [], ['s3:PutBucketOwnershipControls'])],
  aws_s3_bucket_policy: [grant('bucket', [], ['s3:DeleteBucketPolicy', 's3:PutBucketPolicy'])],
  aws_s3_bucket_public_access_block: [grant('bucket', [], ['s3:PutBucketPublicAccessBlock'])],
  aws_s3_bucket_server_side_encryption_configuration: [
    grant('bucket', [], ['s3:PutEncryptionConfiguration']),
  ],
  aws_s3_bucket_versioning: [grant('bucket', [], ['s3:PutBucketVersioning'])],
  aws_ssm_parameter: [
    grant('account', ['ssm:DescribeParameters']),
    grant(
      'parameter',
      [],
      [
        'ssm:AddTagsToResource',
        'ssm:GetParameter',
        'ssm:ListTagsForResource',
        'ssm:PutParameter',
        'ssm:RemoveTagsFromResource',
      ],
    ),
    // An API key that was removed from the table. The application's secrets are never deleted.
    grant('api-key', [], ['ssm:DeleteParameter']),
    grant('key', [], ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey']),
  ],
  docker_image: [],
  docker_registry_image: [
    grant(
      'repository',
      [],
      [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchDeleteImage',
        'ecr:BatchGetImage',
        'ecr:CompleteLayerUpload',
        'ecr:DescribeImages',
        'ecr:GetDownloadUrlForLayer',
        'ecr:InitiateLayerUpload',
        'ecr:PutImage',
        'ecr:UploadLayerPart',
      ],
    ),
    grant('account', [], ['ecr:GetAuthorizationToken']),
  ],
  terraform_data: [],
  'data.aws_iam_openid_connect_provider': [
    grant('identity-provider', ['iam:GetOpenIDConnectProvider']),
    grant('account', ['iam:ListOpenIDConnectProviders']),
  ],
  'data.aws_iam_policy_document': [],
};

/** The types that push an image, which is done in one account only. */
const pushTypes = ['docker_image', 'docker_registry_image'];

/** The types that concern images. */
const imageTypes = [
  'aws_ecr_lifecycle_policy',
  'aws_ecr_repository',
  'aws_ecr_repository_policy',
  ...pushTypes,
];

/** Who copies images: nobody, this registry to others, or another registry to this one. */
export type Replication = 'none' | 'source' | 'target';

const replicationTypes: Readonly<Record<Replication, string | undefined>> = {
  none: undefined,
  source: 'aws_ecr_replication_configuration',
  target: 'aws_ecr_registry_policy',
};

/**
 * @param hasImages whether the account has a repository for the images.
 * @returns the actions for a foundation: only those for types that it contains.
 */
export function foundationActionsOf(hasImages: boolean, replication: Replication): ActionTable {
  const leftOut = [
    ...(hasImages ? [] : imageTypes),
    // Only ECR writes copies, so that each image there is one that was pushed to the source.
    ...(replication === 'target' ? pushTypes : []),
    ...Object.values(replicationTypes).filter((type) => type !== replicationTypes[replication]),
  ];
  return Object.fromEntries(Object.entries(foundationActions).filter(([type]) => !leftOut.includes(type)));
}

/**
 * @param table the possible resource types.
 * @param withWrites whether to include the actions of an apply.
 * @returns all actions by scope, sorted and without duplicates.
 */
export function actionsByScope(
  table: ActionTable,
  withWrites: boolean,
): ReadonlyMap<Scope, readonly string[]> {
  const found = new Map<Scope, Set<string>>();
  for (const { on, read, write } of Object.values(table).flat()) {
    const actions = found.get(on) ?? new Set<string>();
    for (const action of withWrites ? [...read, ...write] : read) actions.add(action);
    if (actions.size > 0) found.set(on, actions);
  }
  return new Map([...found].map(([scope, actions]) => [scope, [...actions].sort()] as const).sort());
}
