import { z } from 'zod';
import { UserError } from '../../errors';

const optionsSchema = z.object({ stat: z.string() });

const placed = { x: z.number(), y: z.number(), width: z.number(), height: z.number() };

const widgetSchema = z.discriminatedUnion('type', [
  z.object({
    ...placed,
    type: z.literal('metric'),
    properties: z.object({
      title: z.string(),
      region: z.string(),
      period: z.number(),
      metrics: z.array(z.array(z.union([z.string(), optionsSchema]))),
    }),
  }),
  z.object({
    ...placed,
    type: z.literal('alarm'),
    properties: z.object({ title: z.string(), alarms: z.array(z.string()) }),
  }),
  z.object({
    ...placed,
    type: z.literal('log'),
    properties: z.object({ title: z.string(), query: z.string() }),
  }),
]);

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const bodySchema = z.object({ widgets: z.array(widgetSchema) });

export type Widget = z.infer<typeof widgetSchema>;
export type MetricWidget = Extract<Widget, { type: 'metric' }>;

/**
 * @throws UserError if a dashboard contains something that this project does not create. @param name of the dashboard.
 */
export function widgetsIn(body: string, name: string): readonly Widget[] {
  const { data, error } = bodySchema.safeParse(JSON.parse(body));
  if (data !== undefined) return data.widgets;
  const places = error.issues.map(({ path }) => path.slice(0, 3).join('.'));
  throw new UserError(
    `the dashboard ${name} was changed by hand, in ${[...new Set(places)].join(', ')}; restore it: npx cdktf deploy ${name}`,
  );
}

/** One line of a graph. */
export interface ShownMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
}

/**
 * @returns the metrics of a graph. A row has the namespace, the name, each dimension's name and value, then its
 * options.
 */
export function metricsOf({ properties: { metrics } }: MetricWidget): readonly ShownMetric[] {
  return metrics.map((row) => {
    const [namespace = '', name = '', ...pairs] = row.filter((part) => typeof part === 'string');
    const options = row.find((part) => typeof part !== 'string');
    return {
      namespace,
      name,
      dimensions: Object.fromEntries(
        pairs.flatMap((key, at) => (at % 2 === 0 ? [[key, pairs[at + 1] ?? '']] : [])),
      ),
      statistic: options?.stat ?? 'Average',
    };
  });
}
