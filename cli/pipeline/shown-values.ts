/**
 * The only attributes whose values leave the machine that planned: numbers, switches, versions and names that the table
 * or the account's owner chose. All other values are left out, because no schema marks every secret as sensitive: a
 * header of an origin, a variable of a function, a policy. An index of a list is written as `[]`.
 */
const shownPaths: ReadonlySet<string> = new Set([
  'alarm_actions_enabled',
  'auto_deploy',
  'comparison_operator',
  'datapoints_to_alarm',
  'default_route_settings[].throttling_burst_limit',
  'default_route_settings[].throttling_rate_limit',
  'deletion_window_in_days',
  'enable_key_rotation',
  'enabled',
  'environment[].variables.KAIROS_IMAGE_DIGEST',
  'environment[].variables.KAIROS_LIFESPAN',
  'environment[].variables.KAIROS_LIFESPAN_PAUSE_LIMIT',
  'environment[].variables.KAIROS_LIFESPAN_START_LIMIT',
  'environment[].variables.KAIROS_SECRETS_REVISION',
  'evaluation_periods',
  'function_version',
  'http_version',
  'logging_config[].application_log_level',
  'logging_config[].system_log_level',
  'max_session_duration',
  'memory_size',
  'minimum_protocol_version',
  'name',
  'payload_format_version',
  'period',
  'price_class',
  'provisioned_concurrent_executions',
  'reserved_concurrent_executions',
  'retention_in_days',
  'route_key',
  'threshold',
  'timeout',
  'timeout_milliseconds',
  'tracing_config[].mode',
  'version',
]);

/** The outputs whose values are shown. The others are addresses, which do not belong in a comment. */
const shownOutputs: ReadonlySet<string> = new Set([
  'canary_share',
  'function_version',
  'image_digest',
  'live_version',
]);

/** @returns whether the value of an attribute may be shown. The caller checks whether it is sensitive. */
export function isShownAttribute(path: string): boolean {
  return shownPaths.has(path.replace(/\[\d+\]/g, '[]'));
}

/** @returns whether the value of an output may be shown. */
export function isShownOutput(name: string): boolean {
  return shownOutputs.has(name);
}
