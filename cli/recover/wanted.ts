import { z } from 'zod';

/**
 * The used parts of `terraform show -json` for a plan, in which every expression is evaluated that is known before the
 * apply: https://developer.hashicorp.com/terraform/internals/json-format
 */
const valuesSchema = z.record(z.string(), z.unknown());

const resourceSchema = z.object({ address: z.string(), values: valuesSchema.default({}) });

const planSchema = z.object({
  resource_changes: z
    .array(
      z.object({
        address: z.string(),
        mode: z.string(),
        type: z.string(),
        change: z.object({ actions: z.array(z.string()), after: z.unknown().optional() }),
      }),
    )
    .default([]),
  prior_state: z
    .object({
      values: z
        .object({ root_module: z.object({ resources: z.array(resourceSchema).default([]) }) })
        .optional(),
    })
    .optional(),
  configuration: z.object({
    provider_config: z.record(
      z.string(),
      z.object({
        expressions: z.object({ region: z.object({ constant_value: z.string() }).optional() }).default({}),
      }),
    ),
    root_module: z.object({
      resources: z.array(
        z.object({
          address: z.string(),
          provider_config_key: z.string(),
          expressions: valuesSchema.default({}),
        }),
      ),
    }),
  }),
});

const referenceSchema = z.object({ references: z.array(z.string()) });

/** A declared resource that the state does not contain. */
export interface Missing {
  readonly address: string;
  readonly type: string;
  /** The region of its provider. */
  readonly region: string;
  /** The provider's name in the configuration: `aws`, `aws.us-east-1`. */
  readonly provider: string;
  /** The values that are known before it is created. */
  readonly values: Readonly<Record<string, unknown>>;
  /** What an unknown argument refers to, by the argument's name. */
  readonly references: Readonly<Record<string, { readonly address: string; readonly attribute: string }>>;
}

/** A plan's information about the resources of a stack. */
export interface Planned {
  /** What it would create, without replacements. */
  readonly missing: readonly Missing[];
  /** The values of the resources in the state, by address. */
  readonly held: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

/** @throws ZodError if the text is not a plan. */
export function readPlanned(text: string): Planned {
  const { resource_changes, prior_state, configuration } = planSchema.parse(JSON.parse(text));
  const held = new Map(
    (prior_state?.values?.root_module.resources ?? []).map(({ address, values }) => [address, values]),
  );
  const declared = new Map(configuration.root_module.resources.map((each) => [each.address, each]));
  const missing = resource_changes
    .filter(({ mode, change }) => mode === 'managed' && change.actions.join() === 'create')
    .map(({ address, type, change }): Missing => {
      const { provider_config_key: provider = 'aws', expressions = {} } =
        declared.get(withoutKey(address)) ?? {};
      const values = valuesSchema.safeParse(change.after).data ?? {};
      const region = configuration.provider_config[provider]?.expressions.region?.constant_value ?? '';
      return { address, type, region, provider, values, references: referencesIn(expressions) };
    });
  return { missing, held };
}

function withoutKey(address: string): string {
  return address.split('[')[0] ?? address;
}

function referencesIn(expressions: Readonly<Record<string, unknown>>): Missing['references'] {
  return Object.fromEntries(
    Object.entries(expressions).flatMap(([name, expression]) => {
      const [first] = referenceSchema.safeParse(expression).data?.references ?? [];
      const [type, resource, attribute] = first?.split('.') ?? [];
      if (type === undefined || resource === undefined || attribute === undefined) return [];
      return [[name, { address: `${type}.${resource}`, attribute }]];
    }),
  );
}
