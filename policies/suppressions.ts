/** Where a rule may be violated, and why. */
export interface Suppression {
  readonly policy: string;
  /** The paths of the constructs. */
  readonly at: RegExp;
  readonly reason: string;
}

/** `npm run policies` prints each suppression with its reason. */
export const suppressions: readonly Suppression[] = [
  {
    policy: 'function-tracing',
    at: /^kairos-\w+\/Edge\/OriginLock\/Function\/Default$/,
    reason: 'it computes a hash and calls nothing; a trace of each request would cost more than the function',
  },
  {
    policy: 'protected-state',
    at: /^kairos-\w+\/Observability\/(Edge)?Topic\/Key$/,
    reason: 'the key encrypts messages in transit, and nothing that is stored',
  },
  {
    policy: 'no-star-action',
    at: /^kairos-\w+\/Observability\/(Edge)?Topic\/KeyDocument$/,
    reason: "a key's policy without kms:* for the account locks everybody out of it",
  },
  {
    policy: 'no-star-action',
    at: /^kairos-foundation(-\w+)?\/Delivery\/Boundary\/Document$/,
    reason: 'a boundary allows nothing by itself; it takes away from policies that name each action',
  },
  {
    policy: 'no-star-resource',
    at: /^kairos-foundation(-\w+)?\/Delivery\/Boundary\/Document$/,
    reason: 'a boundary allows nothing by itself; it takes away from policies that name each resource',
  },
];
