import fc from 'fast-check';

/** One resource of a plan, as Terraform writes it. Missing fields are empty. */
export interface PlannedResource {
  readonly address: string;
  readonly previous_address?: string;
  readonly actions: readonly ('no-op' | 'create' | 'update' | 'delete')[];
  readonly before?: unknown;
  readonly after?: unknown;
  readonly after_unknown?: unknown;
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
  readonly replace_paths?: readonly (readonly (string | number)[])[];
}

/** @returns a plan in the format of `terraform show -json`. */
export function planOf(...resources: readonly PlannedResource[]): string {
  return JSON.stringify({
    format_version: '1.2',
    resource_changes: resources.map(({ address, previous_address, ...change }) => ({
      address,
      previous_address,
      mode: 'managed',
      type: address.split('.')[0],
      change: { before: null, after: null, ...change },
    })),
  });
}

const hidden = fc.integer({ min: 0, max: 999 }).map((value) => `hidden-${value}`);
const allowed = fc.record({
  memory_size: fc.integer({ min: 128, max: 256 }),
  timeout: fc.integer({ min: 1, max: 3 }),
});

/** Values of unlisted attributes: plain, nested, in a list, and instead of a listed one. */
const tree = fc.record({
  policy: hidden,
  origin: fc.array(fc.record({ custom_header: fc.record({ value: hidden }) }), { maxLength: 3 }),
  environment: fc.array(fc.record({ variables: fc.dictionary(fc.constantFrom('A', 'B', 'name'), hidden) })),
  name: fc.record({ nested: hidden }),
  threshold: hidden,
});

/** A change of any kind. `threshold` is a listed attribute that Terraform hides here. */
export const planned: fc.Arbitrary<PlannedResource> = fc
  .record({
    address: fc.string({ minLength: 1, maxLength: 80 }).map((name) => `aws_thing.X["${name}"]`),
    actions: fc.constantFrom(
      ['create' as const],
      ['update' as const],
      ['delete' as const],
      ['delete' as const, 'create' as const],
    ),
    before: fc.tuple(tree, allowed).map(([one, other]) => ({ ...one, ...other })),
    after: fc.tuple(tree, allowed).map(([one, other]) => ({ ...one, ...other })),
    after_unknown: fc.constantFrom({}, { arn: true, origin: true }),
  })
  .map((change) => ({
    ...change,
    before_sensitive: { threshold: true },
    after_sensitive: { threshold: true },
  }));
