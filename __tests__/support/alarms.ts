import { z } from 'zod';
import type { Template } from './template';

const metricSchema = z.object({
  namespace: z.string(),
  metric_name: z.string(),
  dimensions: z.record(z.string(), z.string()).optional(),
});

const alarmSchema = z.object({
  alarm_name: z.string(),
  alarm_description: z.string(),
  alarm_actions: z.array(z.string()).default([]),
  ok_actions: z.array(z.string()).default([]),
  actions_suppressor: z
    .object({ alarm: z.string(), wait_period: z.number(), extension_period: z.number() })
    .optional(),
  provider: z.string().optional(),
  evaluation_periods: z.number().optional(),
  datapoints_to_alarm: z.number().optional(),
  period: z.number().optional(),
  extended_statistic: z.string().optional(),
  evaluate_low_sample_count_percentiles: z.string().optional(),
  treat_missing_data: z.string().optional(),
  alarm_rule: z.string().optional(),
  namespace: z.string().optional(),
  metric_name: z.string().optional(),
  dimensions: z.record(z.string(), z.string()).optional(),
  metric_query: z
    .array(z.object({ metric: metricSchema.extend({ period: z.number() }).optional() }))
    .optional(),
});

export type SynthesizedAlarm = z.infer<typeof alarmSchema>;
export type SynthesizedMetric = z.infer<typeof metricSchema>;

/** @returns the metric alarms of a stack, as Terraform reads them. */
export function metricAlarmsOf(template: Template): readonly SynthesizedAlarm[] {
  return Object.values(template.resources('aws_cloudwatch_metric_alarm')).map((alarm) =>
    alarmSchema.parse(alarm),
  );
}

/** @returns the composite alarms of a stack. */
export function compositeAlarmsOf(template: Template): readonly SynthesizedAlarm[] {
  return Object.values(template.resources('aws_cloudwatch_composite_alarm')).map((alarm) =>
    alarmSchema.parse(alarm),
  );
}

/** @returns the metrics of an alarm. */
export function metricsIn({ namespace, metric_name, dimensions, metric_query = [] }: SynthesizedAlarm) {
  return namespace === undefined || metric_name === undefined
    ? metric_query.flatMap(({ metric }): readonly SynthesizedMetric[] =>
        metric === undefined ? [] : [metric],
      )
    : [{ namespace, metric_name, dimensions }];
}

/** @returns the evaluation range of an alarm, in seconds, and its period. */
export function windowOf({ period, metric_query = [], evaluation_periods: periods = 1 }: SynthesizedAlarm) {
  const used = period ?? metric_query.find(({ metric }) => metric !== undefined)?.metric?.period ?? 0;
  return { period: used, seconds: used * periods };
}
