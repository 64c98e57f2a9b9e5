/** The limits of AWS for the names of resources. A plan accepts a name beyond them, and the apply is refused. */
export interface NameLimit {
  /** The argument with the name. */
  readonly argument: string;
  /** In characters. */
  readonly longest: number;
  /** The allowed characters. */
  readonly characters: RegExp;
  /** The page that documents it. */
  readonly source: string;
}

const api = 'https://docs.aws.amazon.com';
const words = /^[\w-]+$/;

/** By Terraform resource type. */
export const nameLimits: Readonly<Record<string, NameLimit>> = {
  aws_apigatewayv2_api: {
    argument: 'name',
    longest: 128,
    characters: /^.+$/,
    source: `${api}/apigatewayv2/latest/api-reference/apis.html`,
  },
  aws_budgets_budget: {
    argument: 'name',
    longest: 100,
    characters: /^[^:\\]+$/,
    source: `${api}/aws-cost-management/latest/APIReference/API_budgets_Budget.html`,
  },
  aws_cloudfront_function: {
    argument: 'name',
    longest: 64,
    characters: words,
    source: `${api}/cloudfront/latest/APIReference/API_CreateFunction.html`,
  },
  aws_cloudfront_response_headers_policy: {
    argument: 'name',
    longest: 128,
    characters: words,
    source: `${api}/cloudfront/latest/APIReference/API_ResponseHeadersPolicyConfig.html`,
  },
  aws_cloudwatch_composite_alarm: {
    argument: 'alarm_name',
    longest: 255,
    characters: /^.+$/,
    source: `${api}/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html`,
  },
  aws_cloudwatch_dashboard: {
    argument: 'dashboard_name',
    longest: 255,
    characters: words,
    source: `${api}/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html`,
  },
  aws_cloudwatch_event_rule: {
    argument: 'name',
    longest: 64,
    characters: /^[.\w-]+$/,
    source: `${api}/eventbridge/latest/APIReference/API_PutRule.html`,
  },
  aws_cloudwatch_log_delivery_destination: {
    argument: 'name',
    longest: 60,
    characters: words,
    source: `${api}/AmazonCloudWatchLogs/latest/APIReference/API_PutDeliveryDestination.html`,
  },
  aws_cloudwatch_log_delivery_source: {
    argument: 'name',
    longest: 60,
    characters: words,
    source: `${api}/AmazonCloudWatchLogs/latest/APIReference/API_PutDeliverySource.html`,
  },
  aws_cloudwatch_log_group: {
    argument: 'name',
    longest: 512,
    characters: /^[\w./#-]+$/,
    source: `${api}/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html`,
  },
  aws_cloudwatch_metric_alarm: {
    argument: 'alarm_name',
    longest: 255,
    characters: /^.+$/,
    source: `${api}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html`,
  },
  aws_cloudwatch_query_definition: {
    argument: 'name',
    longest: 255,
    characters: /^[^:*]+$/,
    source: `${api}/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html`,
  },
  aws_ecr_repository: {
    argument: 'name',
    longest: 256,
    characters: /^[a-z0-9]+([._/-][a-z0-9]+)*$/,
    source: `${api}/AmazonECR/latest/APIReference/API_CreateRepository.html`,
  },
  aws_iam_policy: {
    argument: 'name',
    longest: 128,
    characters: /^[\w+=,.@-]+$/,
    source: `${api}/IAM/latest/APIReference/API_CreatePolicy.html`,
  },
  aws_iam_role: {
    argument: 'name',
    longest: 64,
    characters: /^[\w+=,.@-]+$/,
    source: `${api}/IAM/latest/APIReference/API_CreateRole.html`,
  },
  aws_kms_alias: {
    argument: 'name',
    longest: 256,
    characters: /^alias\/(?!aws\/)[\w/-]+$/,
    source: `${api}/kms/latest/APIReference/API_CreateAlias.html`,
  },
  aws_lambda_alias: {
    argument: 'name',
    longest: 128,
    characters: /^(?!\d+$)[\w-]+$/,
    source: `${api}/lambda/latest/api/API_CreateAlias.html`,
  },
  aws_lambda_function: {
    argument: 'function_name',
    longest: 64,
    characters: words,
    source: `${api}/lambda/latest/api/API_CreateFunction.html`,
  },
  aws_s3_bucket: {
    argument: 'bucket',
    longest: 63,
    characters: /^[a-z0-9][a-z0-9.-]+[a-z0-9]$/,
    source: `${api}/AmazonS3/latest/userguide/bucketnamingrules.html`,
  },
  aws_sns_topic: {
    argument: 'name',
    longest: 256,
    characters: words,
    source: `${api}/sns/latest/api/API_CreateTopic.html`,
  },
  aws_ssm_parameter: {
    argument: 'name',
    longest: 1011,
    characters: /^[\w./-]+$/,
    source: `${api}/systems-manager/latest/APIReference/API_PutParameter.html`,
  },
  aws_wafv2_ip_set: {
    argument: 'name',
    longest: 128,
    characters: words,
    source: `${api}/waf/latest/APIReference/API_CreateIPSet.html`,
  },
  aws_wafv2_web_acl: {
    argument: 'name',
    longest: 128,
    characters: words,
    source: `${api}/waf/latest/APIReference/API_CreateWebACL.html`,
  },
};
