import type { Metric } from '../../aws/metrics';

/** One metric, or several by the names that an expression of metric math uses. */
export type Measure =
  | { readonly metric: Metric }
  | {
      /** Metric math: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
      readonly expression: string;
      /** What the expression's result is called on a graph. */
      readonly label: string;
      readonly metrics: Readonly<Record<string, Metric>>;
    };

/** An alarm as data: what is measured, when that is bad, and what it means to a person. */
export interface Alarm {
  /** In kebab-case: the end of its name, its construct id, and its section of docs/runbook.md. */
  readonly id: string;
  /** One sentence for whoever is woken by it. */
  readonly says: string;
  /** `page`: the service is hurt now. `look`: in the next days. */
  readonly severity: 'page' | 'look';
  readonly measure: Measure;
  /** On which side of the threshold it is bad; the threshold itself is good. */
  readonly bad: 'above' | 'below';
  /** In the unit of the measure. */
  readonly threshold: number;
  /** What the threshold is counted in, for the reader. */
  readonly unit: string;
  /** In seconds; a multiple of 60. */
  readonly period: number;
  /** How many periods are looked at. @default 1 */
  readonly periods?: number;
  /** How many of them must be bad. @default - all */
  readonly datapoints?: number;
  /** What a period without a value means. Counts are not sent while they are 0. @default 'notBreaching' */
  readonly missing?: 'notBreaching' | 'breaching' | 'ignore';
}

/** An alarm of alarms: it says what several together mean. */
export interface CompositeAlarm {
  readonly id: string;
  readonly says: string;
  readonly severity: 'page' | 'look';
  /** It rings while one of these does. */
  readonly anyOf: readonly string[];
}

/** @returns the anchor of an alarm's section in docs/runbook.md. */
export function runbookAnchor({ id }: { readonly id: string }): string {
  return `alarm-${id}`;
}
