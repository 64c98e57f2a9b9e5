const authorization = 'https://docs.aws.amazon.com/service-authorization/latest/reference';

/** The local cloud asks for less here; the page says that AWS does. */
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

/** No value of the table changes these: only another source does, and its deploy must not stop half-way. */
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

/** The statements and actions that no call of the recorded life needs, each with the page that names it. */
export const unasked: Readonly<Record<'Plan' | 'Deploy', Readonly<Record<string, string>>>> = {
  Plan: {},
  Deploy: { ...askedByAws, ...askedByAnotherSource },
};
