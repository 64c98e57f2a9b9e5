import type { Look, Truth } from './look';

/** What can be observed of a running release. */
export interface Seen {
  /** Its output so far. */
  readonly text: string;
  readonly look: Look;
  /** What was live before. */
  readonly before: Truth;
  /** The number of versions before. */
  readonly versions: number;
  /** What is released. */
  readonly digest: string;
}

/** A point of a release. */
export interface Point {
  readonly name: string;
  readonly image: 'good' | 'broken';
  /** Additional arguments. */
  readonly args: readonly string[];
  readonly isReached: (seen: Seen) => boolean | Promise<boolean>;
  /** Whether the point is also tested with the signals of a user or a system. */
  readonly signals: boolean;
}

const canary = ['--canary', '10', '--for', '20s'];

/** @returns whether a line was printed a number of times. */
function said(text: string, line: RegExp, times = 1): boolean {
  return text.split('\n').filter((each) => line.test(each)).length >= times;
}

const begins = /^deploys kairos-dev with \S+ …$/;

const release = { image: 'good', args: [], signals: false } as const;

/** In the order in which a release reaches them. */
export const points: readonly Point[] = [
  {
    ...release,
    name: 'the stacks are synthesized',
    signals: true,
    isReached: ({ text }) => said(text, begins),
  },
  {
    ...release,
    name: 'Terraform has the lock',
    signals: true,
    isReached: async ({ look }) => (await look.lock()) !== undefined,
  },
  {
    ...release,
    name: 'the function has the new image',
    isReached: async ({ look, digest }) => (await look.digestOf()) === digest,
  },
  {
    ...release,
    name: 'the new version is published',
    isReached: async ({ look, versions }) => (await look.countVersions()) > versions,
  },
  {
    ...release,
    name: 'the alias is moved',
    signals: true,
    isReached: async ({ look, before }) => (await look.truth()).version !== before.version,
  },
  {
    ...release,
    name: 'the smoke test runs',
    signals: true,
    isReached: ({ text }) => said(text, /^tests kairos-dev/),
  },
  {
    ...release,
    name: 'the alias gives a canary its share',
    args: canary,
    isReached: async ({ look }) => (await look.truth()).share > 0,
  },
  {
    ...release,
    name: 'a canary is watched',
    args: canary,
    signals: true,
    isReached: ({ text }) => said(text, /^canary, 0 of/),
  },
  {
    ...release,
    name: 'a canary gets all requests',
    args: canary,
    isReached: ({ text }) => said(text, begins, 2),
  },
  {
    ...release,
    name: 'the alias is moved back',
    image: 'broken',
    signals: true,
    isReached: ({ text }) => said(text, /is live again in/),
  },
  {
    ...release,
    name: 'the state is updated',
    image: 'broken',
    isReached: async ({ text, look }) => said(text, /is live again in/) && (await look.lock()) !== undefined,
  },
];
