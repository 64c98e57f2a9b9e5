import { parseDuration } from '../../../cli/durations';

describe('a duration', () => {
  it.each([
    ['90', 90],
    ['90s', 90],
    ['10m', 600],
    ['1h', 3_600],
    ['2d', 172_800],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', 'm', '1w', '-1m', '1.5h', '1h30m', '1h ', ' 1h'])(
    '"%s" is refused, with the right format',
    (text) => {
      expect(() => parseDuration(text)).toThrow(/such as 90s, 10m, 1h or 2d/);
    },
  );
});
