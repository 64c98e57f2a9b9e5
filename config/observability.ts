import { z } from 'zod';
import { orNone, text, whole } from './values';

/** How one environment is watched. */
export interface ObservabilityConfiguration {
  /** Who is told of an alarm. */
  readonly subscriptions: readonly SubscriptionConfiguration[];
  /** Whether there is a dashboard: 3 $ a month after the third of the account. */
  readonly dashboard: boolean;
  /**
   * Whether Route 53 asks from several continents if the edge answers, which only an environment with an edge can have:
   * some 5 $ a month.
   */
  readonly healthCheck: boolean;
  /** Whether this environment also watches what all share, such as the account's quota. One of them is enough. */
  readonly watchesAccount: boolean;
  /**
   * After how many hours without a request somebody is told.
   * @default - silence is no fault
   */
  readonly silenceLimit?: number;
  /** In US dollars a month. @default - nobody is told of the bill */
  readonly monthlyBudget?: number;
}

export interface SubscriptionConfiguration {
  /** `email` asks its owner for a confirmation first, and `https` the server. */
  readonly protocol: 'email' | 'https';
  /** A mailbox, or an address with `https://`. */
  readonly endpoint: string;
}

const subscription = z.discriminatedUnion(
  'protocol',
  [
    z.strictObject({
      protocol: z.literal('email'),
      endpoint: z.email('the address of a mailbox, such as alarms@findkairos.com'),
    }),
    z.strictObject({
      protocol: z.literal('https'),
      endpoint: text(/^https:\/\/[\w.-]+(:\d+)?(\/[!-~]*)?$/, 'an address with https://'),
    }),
  ],
  'a subscription whose protocol is email or https',
);

const observabilitySchema: z.ZodType<ObservabilityConfiguration> = z.strictObject(
  {
    subscriptions: z
      .array(subscription, 'a list of subscriptions')
      .min(1, 'at least one: an alarm that nobody hears is none')
      .refine(
        (listed) => new Set(listed.map(({ endpoint }) => endpoint)).size === listed.length,
        'each endpoint once',
      ),
    dashboard: z.boolean('true or false'),
    healthCheck: z.boolean('true or false'),
    watchesAccount: z.boolean('true or false'),
    // CloudWatch looks back 7 days at the most.
    silenceLimit: whole(1, 168, 'hours').optional(),
    monthlyBudget: whole(1, 1_000_000, 'dollars').optional(),
  },
  'observability as config/observability.ts describes it, or false for none',
);

export const observabilityOrNoneSchema = orNone(observabilitySchema);
