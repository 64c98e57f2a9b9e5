import { z } from 'zod';
import { orNone, text, whole } from './values';

/** The monitoring of one environment. */
export interface ObservabilityConfiguration {
  /** Who receives the alarms. */
  readonly subscriptions: readonly SubscriptionConfiguration[];
  /** Whether there is a dashboard: 3 $ per month after the third dashboard of the account. */
  readonly dashboard: boolean;
  /**
   * Whether Route 53 checks from several continents that the edge answers. Only an environment with an edge can have
   * it. About 5 $ per month.
   */
  readonly healthCheck: boolean;
  /** Whether this environment also watches what all environments share, such as the account's quota. One is enough. */
  readonly watchesAccount: boolean;
  /**
   * After how many hours without a request the alarm rings.
   * @default - never
   */
  readonly silenceLimit?: number;
  /** In US dollars per month. @default - no budget */
  readonly monthlyBudget?: number;
}

export interface SubscriptionConfiguration {
  /** For `email` the owner of the mailbox has to confirm first, and for `https` the server. */
  readonly protocol: 'email' | 'https';
  /** A mail address, or a URL that begins with `https://`. */
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
    // CloudWatch evaluates at most 7 days.
    silenceLimit: whole(1, 168, 'hours').optional(),
    monthlyBudget: whole(1, 1_000_000, 'dollars').optional(),
  },
  'observability as config/observability.ts describes it, or false for none',
);

export const observabilityOrNoneSchema = orNone(observabilitySchema);
