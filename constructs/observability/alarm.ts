import type { Metric } from '../../aws/metrics';

/** One metric, or an expression of metric math over several metrics, each under its id in the expression. */
export type Measure =
  | { readonly metric: Metric }
  | {
      /** Metric math: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
      readonly expression: string;
      /** The label of the expression's result on a graph. */
      readonly label: string;
      readonly metrics: Readonly<Record<string, Metric>>;
    };

/** An alarm as data: what it measures, when it rings, and what that means. */
export interface Alarm {
  /** In kebab-case: the end of its name, its construct id, and its section of docs/runbook.md. */
  readonly id: string;
  /** One sentence for the person who is notified. */
  readonly says: string;
  /** `page`: act now, users are affected. `look`: act within the next days. */
  readonly severity: 'page' | 'look';
  readonly measure: Measure;
  /** The side of the threshold on which the alarm rings. A value equal to the threshold is good. */
  readonly bad: 'above' | 'below';
  /** In the unit of the measure. */
  readonly threshold: number;
  /** The unit of the threshold, for the reader. */
  readonly unit: string;
  /** In seconds; a multiple of 60. */
  readonly period: number;
  /** How many periods are evaluated. @default 1 */
  readonly periods?: number;
  /** How many of them must be bad. @default - all */
  readonly datapoints?: number;
  /** How a period without a value is treated. AWS sends no counts of 0. @default 'notBreaching' */
  readonly missing?: 'notBreaching' | 'breaching' | 'ignore';
}

/** A composite alarm: it says what several alarms together mean. */
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
