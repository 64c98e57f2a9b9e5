import type { Finder, Wanted } from './identity';

/** The import id, from the arguments that it consists of. Terraform then checks whether the resource exists. */
function by(separator: string, ...parts: readonly string[]): Finder {
  return async (wanted) => {
    const texts: string[] = [];
    for (const part of parts) {
      const text = await wanted.text(part);
      if (text === undefined || text === '') return undefined;
      texts.push(text);
    }
    return { id: texts.join(separator) };
  };
}

function arn(argument: string, arnOf: (text: string, wanted: Wanted) => string): Finder {
  return async (wanted) => {
    const text = await wanted.text(argument);
    return text === undefined ? undefined : { id: arnOf(text, wanted) };
  };
}

const bucket = by('', 'bucket');
const repository = by('', 'repository');
/** An account has one of them in each region. */
const registry: Finder = ({ accountId }) => Promise.resolve({ id: accountId });
const alarm = by('', 'alarm_name');
const named = by('', 'name');

/** The provider composes what an API refers to: `invoke_arn` contains the ARN within an API Gateway URI. */
const alias: Finder = async (wanted) => {
  const [name, qualifier] = [await wanted.text('function_name'), await wanted.text('name')];
  if (name === undefined || qualifier === undefined) return undefined;
  const { region, accountId } = wanted;
  const ownArn = `arn:aws:lambda:${region}:${accountId}:function:${name}:${qualifier}`;
  return { id: `${name}/${qualifier}`, attributes: { arn: ownArn, invoke_arn: ownArn } };
};

/**
 * The types whose import id can be derived from the stack. The ids are documented on each type's page:
 * https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs, section "Import".
 */
export const namedTypes: Readonly<Record<string, Finder>> = {
  aws_apigatewayv2_stage: by('/', 'api_id', 'name'),
  aws_budgets_budget: arn('name', (name, { accountId }) => `${accountId}:${name}`),
  aws_cloudfront_function: named,
  aws_cloudwatch_composite_alarm: alarm,
  aws_cloudwatch_dashboard: by('', 'dashboard_name'),
  aws_cloudwatch_event_rule: named,
  aws_cloudwatch_event_target: by('/', 'rule', 'target_id'),
  aws_cloudwatch_log_delivery_destination: named,
  aws_cloudwatch_log_delivery_source: named,
  aws_cloudwatch_log_group: named,
  aws_cloudwatch_log_metric_filter: by(':', 'log_group_name', 'name'),
  aws_cloudwatch_metric_alarm: alarm,
  aws_ecr_lifecycle_policy: repository,
  aws_ecr_registry_policy: registry,
  aws_ecr_replication_configuration: registry,
  aws_ecr_repository: named,
  aws_ecr_repository_policy: repository,
  aws_iam_openid_connect_provider: arn(
    'url',
    (url, { accountId }) => `arn:aws:iam::${accountId}:oidc-provider/${url.replace('https://', '')}`,
  ),
  aws_iam_policy: arn('name', (name, { accountId }) => `arn:aws:iam::${accountId}:policy/${name}`),
  aws_iam_role: named,
  aws_iam_role_policies_exclusive: by('', 'role_name'),
  aws_iam_role_policy: by(':', 'role', 'name'),
  aws_iam_role_policy_attachment: by('/', 'role', 'policy_arn'),
  aws_iam_role_policy_attachments_exclusive: by('', 'role_name'),
  aws_kms_alias: named,
  aws_lambda_alias: alias,
  aws_lambda_function: by('', 'function_name'),
  aws_route53_record: by('_', 'zone_id', 'name', 'type'),
  aws_s3_bucket: bucket,
  aws_s3_bucket_lifecycle_configuration: bucket,
  aws_s3_bucket_ownership_controls: bucket,
  aws_s3_bucket_policy: bucket,
  aws_s3_bucket_public_access_block: bucket,
  aws_s3_bucket_server_side_encryption_configuration: bucket,
  aws_s3_bucket_versioning: bucket,
  aws_sns_topic: arn('name', (name, { region, accountId }) => `arn:aws:sns:${region}:${accountId}:${name}`),
  aws_sns_topic_policy: by('', 'arn'),
  aws_wafv2_web_acl_logging_configuration: by('', 'resource_arn'),
};
