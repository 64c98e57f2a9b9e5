import fc from 'fast-check';
import { readRelease } from '../../../config/release';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('the release variables for the stacks', () => {
  it('are ignored if none is set, or all are empty', () => {
    const nothing = { digest: undefined, releasedBy: undefined, canary: undefined };
    expect(readRelease({})).toEqual(nothing);
    expect(readRelease({ KAIROS_IMAGE_DIGEST: '', KAIROS_RELEASED_BY: '', KAIROS_CANARY: '' })).toEqual(
      nothing,
    );
  });

  it('are a digest, a name and a share', () => {
    expect(
      readRelease({ KAIROS_IMAGE_DIGEST: digest, KAIROS_RELEASED_BY: 'user/ann', KAIROS_CANARY: '0.1' }),
    ).toEqual({ digest, releasedBy: 'user/ann', canary: 0.1 });
  });

  it.each([digest.slice(1), `${digest}0`, `repository@${digest}`, 'latest', digest.toUpperCase()])(
    'refuse the digest %s',
    (text) => {
      expect(() => readRelease({ KAIROS_IMAGE_DIGEST: text })).toThrow(
        /KAIROS_IMAGE_DIGEST is .*expected sha256:/,
      );
    },
  );

  it.each(['1', '1.5', '-0.1', 'ten', '10 %', 'NaN', 'Infinity'])('refuse a canary of %s', (text) => {
    expect(() => readRelease({ KAIROS_CANARY: text })).toThrow(/KAIROS_CANARY is .*such as 0\.1/);
  });

  it('accept every share from 0 to below 1', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (share) => {
        expect(readRelease({ KAIROS_CANARY: String(share) }).canary).toBe(
          share === 0 ? Number(String(share)) : share,
        );
      }),
    );
  });

  it("shorten a name to the length of a function's description", () => {
    expect(readRelease({ KAIROS_RELEASED_BY: 'a'.repeat(300) }).releasedBy).toHaveLength(200);
  });
});
