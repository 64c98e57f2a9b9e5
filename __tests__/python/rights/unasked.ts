const authorization = 'https://docs.aws.amazon.com/service-authorization/latest/reference';

/** The local cloud requires less here; according to the page, AWS requires these. */
const askedByAws = {
  'Account logs:CreateLogDelivery':
    'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html',
  'Account logs:DeleteLogDelivery':
    'https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html',
  'Account logs:DescribeResourcePolicies':
    'https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html',
  'Account logs:GetLogDelivery':
    'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html',
  'Account logs:ListLogDeliveries':
    'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html',
  'Account logs:PutResourcePolicy':
    'https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html',
  'Account logs:UpdateLogDelivery':
    'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html',
  'Api apigateway:TagResource': `${authorization}/list_amazonapigatewaymanagementv2.html`,
  'Api apigateway:UntagResource': `${authorization}/list_amazonapigatewaymanagementv2.html`,
  'Distribution cloudfront:AllowVendedLogDeliveryForResource':
    'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html',
  'NewApi apigateway:TagResource': `${authorization}/list_amazonapigatewaymanagementv2.html`,
  NewDelivery: `${authorization}/list_amazoncloudwatchlogs.html`,
  'NewDelivery logs:CreateDelivery': `${authorization}/list_amazoncloudwatchlogs.html`,
  'NewDelivery logs:TagResource': `${authorization}/list_amazoncloudwatchlogs.html`,
  'NewDistribution cloudfront:TagResource': `${authorization}/list_amazoncloudfront.html`,
  'NewKey kms:TagResource': 'https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html',
  'OwnKey kms:DeleteAlias': 'https://docs.aws.amazon.com/kms/latest/developerguide/alias-access.html',
  'Repository ecr:GetRepositoryPolicy': 'https://docs.aws.amazon.com/lambda/latest/dg/images-create.html',
};

/** Needed only if the source code changes, not the table. A deploy of such a change must not fail halfway. */
const askedByAnotherSource = {
  'OwnDelivery logs:UpdateDeliveryConfiguration': `${authorization}/list_amazoncloudwatchlogs.html`,
  'EdgeFunction cloudfront:UpdateFunction': `${authorization}/list_amazoncloudfront.html`,
  'FunctionRole iam:PutRolePermissionsBoundary': `${authorization}/list_awsidentityandaccessmanagementiam.html`,
  'FunctionRole iam:UpdateAssumeRolePolicy': `${authorization}/list_awsidentityandaccessmanagementiam.html`,
  'FunctionRole iam:UpdateRole': `${authorization}/list_awsidentityandaccessmanagementiam.html`,
  'FunctionRole iam:UpdateRoleDescription': `${authorization}/list_awsidentityandaccessmanagementiam.html`,
  'HeadersPolicy cloudfront:UpdateResponseHeadersPolicy': `${authorization}/list_amazoncloudfront.html`,
  'OwnKey kms:PutKeyPolicy': `${authorization}/list_awskeymanagementservice.html`,
  'OwnKey kms:UpdateAlias': 'https://docs.aws.amazon.com/kms/latest/developerguide/alias-access.html',
  'OwnKey kms:UpdateKeyDescription': `${authorization}/list_awskeymanagementservice.html`,
  'OwnKeyAlias kms:UpdateAlias': 'https://docs.aws.amazon.com/kms/latest/developerguide/alias-access.html',
  'Topic sns:SetSubscriptionAttributes': `${authorization}/list_amazonsns.html`,
};

const of = (page: string, ...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, page]));

const iam = `${authorization}/list_awsidentityandaccessmanagementiam.html`;
const kms = `${authorization}/list_awskeymanagementservice.html`;
const ecr = `${authorization}/list_amazonelasticcontainerregistry.html`;

/**
 * For the foundation. Its recorded life contains no push of an image and no destroy, because its resources
 * are protected.
 */
const askedOfTheFoundation = {
  ...of(
    'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html',
    'Account ecr:GetAuthorizationToken',
    'Repository ecr:BatchCheckLayerAvailability',
    'Repository ecr:BatchGetImage',
    'Repository ecr:CompleteLayerUpload',
    'Repository ecr:DescribeImages',
    'Repository ecr:GetDownloadUrlForLayer',
    'Repository ecr:InitiateLayerUpload',
    'Repository ecr:PutImage',
    'Repository ecr:UploadLayerPart',
  ),
  ...of(
    ecr,
    'Repository ecr:BatchDeleteImage',
    'Repository ecr:DeleteLifecyclePolicy',
    'Repository ecr:DeleteRepositoryPolicy',
    'Repository ecr:PutImageScanningConfiguration',
    'Repository ecr:PutImageTagMutability',
  ),
  ...of(
    iam,
    // If the account has the GitHub provider already.
    'Account iam:ListOpenIDConnectProviders',
    'IdentityProvider iam:AddClientIDToOpenIDConnectProvider',
    'IdentityProvider iam:DeleteOpenIDConnectProvider',
    'IdentityProvider iam:RemoveClientIDFromOpenIDConnectProvider',
    'IdentityProvider iam:UpdateOpenIDConnectProviderThumbprint',
    // If an environment gets its own account, or a statement changes.
    'PipelinePolicy iam:CreatePolicyVersion',
    'PipelinePolicy iam:DeletePolicy',
    'PipelinePolicy iam:DeletePolicyVersion',
    'PipelinePolicy iam:ListPolicyVersions',
    'PipelineRole iam:DeleteRole',
    'PipelineRole iam:DeleteRolePolicy',
    'PipelineRole iam:DetachRolePolicy',
    'PipelineRole iam:GetRolePolicy',
    'PipelineRole iam:ListInstanceProfilesForRole',
    'PipelineRole iam:PutRolePermissionsBoundary',
    'PipelineRole iam:PutRolePolicy',
    'PipelineRole iam:UpdateRole',
    'PipelineRole iam:UpdateRoleDescription',
  ),
  ...of(
    kms,
    'Key kms:DeleteAlias',
    'Key kms:PutKeyPolicy',
    'Key kms:UpdateAlias',
    'Key kms:UpdateKeyDescription',
  ),
  // For a parameter of the advanced tier.
  'Key kms:GenerateDataKey':
    'https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html',
  'Bucket s3:DeleteBucketPolicy': `${authorization}/list_amazons3.html`,
  // The statement for the bucket allows it too.
  ListState: 'https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required',
};

/**
 * For the nightly job of the foundation, if the account has the GitHub provider already, or a role has an
 * inline policy.
 */
const askedByNight = {
  ...of(iam, 'Account iam:ListOpenIDConnectProviders', 'PipelineRole iam:GetRolePolicy'),
  ListState: askedOfTheFoundation.ListState,
};

/** The statements and actions that no recorded call needs, each with the page that documents it. */
export const unasked: Readonly<
  Record<'Plan' | 'Deploy' | 'PlanFoundation' | 'DeployFoundation', Readonly<Record<string, string>>>
> = {
  Plan: {},
  Deploy: { ...askedByAws, ...askedByAnotherSource },
  PlanFoundation: askedByNight,
  DeployFoundation: askedOfTheFoundation,
};
