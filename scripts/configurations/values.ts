import * as fc from 'fast-check';

/** @returns whole numbers of a range, with its limits and their neighbours much more often than by chance. */
export function whole(from: number, to: number): fc.Arbitrary<number> {
  const edges = [from, from + 1, to - 1, to].filter((value) => value >= from && value <= to);
  return fc.oneof(fc.constantFrom(...edges), fc.integer({ min: from, max: to }));
}

/** A position in a range that is known only later: 0 is its beginning and 1 its end. */
export const place: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 1),
  fc.double({ min: 0, max: 1, noNaN: true }),
);

/** @returns the whole number at that position. */
export function at(where: number, from: number, to: number): number {
  return from + Math.round(where * (to - from));
}

/** @returns a value, or a missing member. */
export function leftOutOr<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined });
}

/** Texts that users type where a number belongs. */
export function notWhole(from: number, to: number): fc.Arbitrary<unknown> {
  return fc.oneof(
    fc.constantFrom<unknown>(from - 1, to + 1, from + 0.5, -from - 1, Number.NaN, Infinity, -Infinity),
    fc.constantFrom<unknown>(String(from), '', true, null, undefined, [from], { value: from }, 10n),
    fc.integer({ min: 1, max: 1_000_000 }).map((beyond) => to + beyond),
    notTheKind('number'),
  );
}

/** Texts that users type where one of several words belongs. */
export function notOneOf(...words: readonly string[]): fc.Arbitrary<unknown> {
  return notText(words.flatMap((word) => [`${word} `, `${word}x`, word.slice(1)]));
}

/** @param examples invalid texts. */
export function notText(examples: readonly string[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    fc.constantFrom('', ' ', '\n', 'two words', '${path.cwd}', '%{ if true }', '\u0000', ...examples),
    notTheKind('string'),
    secretTexts.map(({ text }) => text),
  );
}

/** Values that users type where a list belongs. @param examples invalid lists. */
export function notList(examples: readonly (readonly unknown[])[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    fc.constantFrom<unknown>(...examples, 'text', '', 7, true, null, undefined, {}, { 0: 'text', length: 1 }),
    secretTexts.map(({ text }) => [text]),
  );
}

export const notBoolean: fc.Arbitrary<unknown> = notTheKind('boolean');

function notTheKind(kind: 'number' | 'string' | 'boolean'): fc.Arbitrary<unknown> {
  const all: readonly unknown[] = [7, 'text', true, null, undefined, [], [[]], {}, () => 7, new Date(0), /x/];
  return fc.constantFrom(...all.filter((value) => typeof value !== kind));
}

/** The prefix of the secret part of every secret, so that it can be searched for. */
export const secretMark = 'NotToBeSeen';

const mark = fc.stringMatching(/^[A-Za-z0-9]{16}$/).map((random) => `${secretMark}${random}`);

/** Secrets that are pasted into the wrong place, each with the part that must never be printed. */
export const secretTexts: fc.Arbitrary<{ readonly text: string }> = fc.oneof(
  mark.map((secret) => ({ text: `mongodb+srv://kairos:${secret}@cluster0.example.mongodb.net/kairos` })),
  mark.map((secret) => ({ text: `https://user:${secret}@hooks.example.com/alarms` })),
  mark.map((secret) => ({ text: `re_${secret.slice(0, 8)}_${secret}` })),
  mark.map((secret) => ({ text: `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ${secret}.${secret}` })),
  mark.map((secret) => ({
    text: `-----BEGIN RSA PRIVATE KEY-----\n${secret}\n-----END RSA PRIVATE KEY-----`,
  })),
  mark.map((secret) => ({ text: `ghp_${secret.padEnd(36, '0').slice(0, 36)}` })),
);
