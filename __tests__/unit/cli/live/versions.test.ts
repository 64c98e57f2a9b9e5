import fc from 'fast-check';
import { type HistoryEntry, releaserIn, shareOf, versionBefore } from '../../../../cli/live/versions';

/** Versions with these images, the newest first, like AWS's list after sorting. */
function versionsOf(images: readonly string[]): readonly HistoryEntry[] {
  return images.map((digest, index) => ({ version: String(index + 1), digest })).reverse();
}

describe('the previous version', () => {
  it('is the newest version of the image that ran before the live one', () => {
    expect(versionBefore(versionsOf(['a', 'a', 'b']), { digest: 'b' })?.version).toBe('2');
  });

  it('is not one that a rollback has just left', () => {
    expect(versionBefore(versionsOf(['a', 'b', 'c', 'b']), { digest: 'b' })?.version).toBe('1');
  });

  it('is not one that was rolled back earlier', () => {
    expect(versionBefore(versionsOf(['a', 'bad', 'a', 'c']), { digest: 'c' })?.version).toBe('3');
  });

  it('is the one before a rollback, if the alias has moved to an image that was rolled back', () => {
    expect(versionBefore(versionsOf(['a', 'bad', 'a']), { digest: 'bad' })?.version).toBe('3');
  });

  it('needs the whole history: its newest part may begin with a version that was rolled back', () => {
    const images = ['a', 'b', 'bad', 'b', 'worse', 'b'];
    expect(versionBefore(versionsOf(images), { digest: 'b' })?.version).toBe('1');
  });

  it('is undefined if the live image was the first', () => {
    expect(versionBefore(versionsOf(['a', 'b', 'a']), { digest: 'a' })).toBeUndefined();
  });

  it('skips an image that ECR does not have any more', () => {
    expect(versionBefore(versionsOf(['a', 'b', 'c']), { digest: 'c' }, new Set(['b']))?.version).toBe('1');
  });

  it('is older after each rollback, whatever was released and rolled back', () => {
    const history = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(history, (images) => {
        const seen = new Set<string>();
        let live: string | undefined = images.at(-1);
        while (live !== undefined) {
          expect(seen).not.toContain(live);
          seen.add(live);
          live = versionBefore(versionsOf(images), { digest: live })?.digest;
        }
      }),
    );
  });
});

describe('a version', () => {
  it('gets the share of the requests that the others do not get', () => {
    const live = { version: '4', digest: 'a', weights: { '5': 0.1 }, revision: '' };
    expect([shareOf(live, '4'), shareOf(live, '5'), shareOf(live, '3')]).toEqual([0.9, 0.1, 0]);
  });

  it.each([
    ['released by assumed-role/deploy/run-7', 'assumed-role/deploy/run-7'],
    ['released by unknown', undefined],
    ['released by none', undefined],
    ['', undefined],
  ])('with the description "%s" was released by %s', (description, releaser) => {
    expect(releaserIn(description)).toBe(releaser);
  });
});
