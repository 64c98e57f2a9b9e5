import { z } from 'zod';

/** Each message says what was expected. `faultsIn` of config/schema.ts adds what was found and where. */
export const whole = (from: number, to: number, unit: string) => {
  const right = `a whole number of ${unit} from ${from} to ${to}`;
  return z.int(right).min(from, right).max(to, right);
};

export const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, `one of ${values.join(', ')}`);

export const text = (pattern: RegExp, right: string) => z.string(right).regex(pattern, right);

export const hostName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/** A list without duplicates: each member becomes one resource, or one value of a set. */
export const distinct = <Member>(list: z.ZodType<Member[]>) =>
  list.refine((members) => new Set(members).size === members.length, 'each member once');

/**
 * What a schema accepts, or `false` for none. It is not a union, whose error would only say that the value matches
 * neither.
 */
export const orNone = <Value>(schema: z.ZodType<Value>) =>
  z
    .preprocess((value) => (value === false ? undefined : (value ?? null)), schema.optional())
    .transform((value): Value | false => value ?? false);
