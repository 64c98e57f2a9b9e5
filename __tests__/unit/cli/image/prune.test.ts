import fc from 'fast-check';
import { type Pin, pinnedBy } from '../../../../cli/image/pins';
import { planPrune } from '../../../../cli/image/prune';
import type { StoredImage } from '../../../../cli/image/repository';

const day = (days: number) => new Date(Date.UTC(2026, 0, 1) + days * 86_400_000);
const image = (digest: string, days: number): StoredImage => ({
  digest,
  tags: [`src-${digest}`],
  pushed: day(days),
  bytes: 1,
});
const pin = (digest: string, days: number, more: Partial<Pin> = {}): Pin => ({
  function: 'kairos-dev',
  version: String(days),
  published: day(days),
  image: { digest },
  ...more,
});
const removed = (...given: Parameters<typeof planPrune>) =>
  planPrune(...given).remove.map(({ digest }) => digest);

describe('pruning', () => {
  const images = [image('d', 40), image('c', 30), image('b', 20), image('a', 10)];

  it('removes images that no version needs and that were pushed before the last releases', () => {
    expect(removed(images, [pin('b', 21), pin('d', 41)], 1)).toEqual(['a', 'c']);
    expect(removed(images, [pin('b', 21), pin('d', 41)], 2)).toEqual(['a']);
  });

  it('removes nothing if there were fewer releases than are to be kept', () => {
    expect(planPrune(images, [pin('d', 41)], 2)).toMatchObject({ remove: [], since: undefined, recent: 3 });
  });

  it('counts an image that three environments run as one release', () => {
    const pins = ['kairos-dev', 'kairos-staging', 'kairos-prod'].map((name) =>
      pin('d', 41, { function: name }),
    );
    expect(removed(images, pins, 2)).toEqual([]);
  });

  it("keeps every image that any function needs, whatever the function's name", () => {
    expect(removed(images, [pin('a', 11, { function: 'a-job' }), pin('d', 41)], 1)).toEqual(['b', 'c']);
  });

  it('is refused if the image of a version is unknown, and names each such version', () => {
    const unreadable = { image: { unreadable: 'lambda:GetFunction was denied' } };
    expect(() =>
      planPrune(images, [pin('d', 41), pin('', 7, unreadable), pin('', 8, unreadable)], 1),
    ).toThrow(
      /nothing was removed.*\n {2}kairos-dev, version 7: lambda:GetFunction was denied\n {2}kairos-dev, version 8/,
    );
  });

  it('is refused if AWS does not say when a version was published', () => {
    expect(() => planPrune(images, [pin('d', 41, { published: new Date('') })], 1)).toThrow(
      /does not say when it was published/,
    );
  });

  /** A history: images that were pushed, and versions that were published with them, each on some day. */
  const digest = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
  const days = fc.integer({ min: 0, max: 60 });
  const history = fc.record({
    images: fc.uniqueArray(fc.tuple(digest, days), { selector: ([name]) => name }),
    pins: fc.array(
      fc.record({
        digest,
        days,
        name: fc.constantFrom('kairos-dev', 'kairos-staging', 'kairos-prod', 'a-job'),
      }),
    ),
    keep: fc.integer({ min: 1, max: 6 }),
  });

  it('never removes the image of a version or one newer than the last releases, and removes all others', () => {
    fc.assert(
      fc.property(history, ({ images: pushed, pins, keep }) => {
        const stored = pushed.map(([name, at]) => image(name, at));
        const plan = planPrune(
          stored,
          pins.map(({ digest: each, days: at, name }) => pin(each, at, { function: name })),
          keep,
        );
        const gone = new Set(plan.remove.map((each) => each.digest));
        const lastReleases = [
          ...new Set([...pins].sort((a, b) => b.days - a.days).map((each) => each.digest)),
        ];
        const needed = new Set(pins.map((each) => each.digest));
        const oldest = lastReleases.length < keep ? undefined : lastReleases[keep - 1];
        const since = Math.max(...pins.filter((each) => each.digest === oldest).map((each) => each.days));
        for (const [name, at] of pushed) {
          expect(gone.has(name)).toBe(oldest !== undefined && !needed.has(name) && at < since);
        }
        expect(plan.remove.length + plan.pinned + plan.recent).toBe(stored.length);
      }),
    );
  });
});

describe('the image of a version', () => {
  const hex = `sha256:${'a'.repeat(64)}`;
  const registry = '111122223333.dkr.ecr.eu-west-2.amazonaws.com';

  it.each([
    ['with its digest', { ImageUri: `${registry}/kairos@${hex}` }],
    [
      'with the digest that its tag had',
      { ImageUri: `${registry}/kairos:src-1`, ResolvedImageUri: `${registry}/kairos@${hex}` },
    ],
    ['with tag and digest', { ImageUri: `${registry}/kairos:src-1@${hex}` }],
  ])('is known %s', (_, code) => {
    expect(pinnedBy(code, 'kairos')).toEqual({ digest: hex });
  });

  it('is ignored in another repository', () => {
    expect(pinnedBy({ ImageUri: `${registry}/kairos/job@${hex}` }, 'kairos')).toBeUndefined();
  });

  it('is unknown with a tag alone', () => {
    expect(pinnedBy({ ImageUri: `${registry}/kairos:src-1` }, 'kairos')).toEqual({
      unreadable: `its image is "${registry}/kairos:src-1", without a digest`,
    });
  });
});
