import { z } from 'zod';

/** A resource of a stack, and the resources that its arguments refer to. */
export interface Node {
  /** `type.id`, as Terraform writes it. */
  readonly address: string;
  /** The path of its construct below the stack: `Edge/WebAcl/Default`. */
  readonly path: string;
  /** The addresses that it refers to. */
  readonly references: readonly string[];
}

const resourceSchema = z.looseObject({ '//': z.object({ metadata: z.object({ path: z.string() }) }) });
const templateSchema = z.object({
  resource: z.record(z.string(), z.record(z.string(), resourceSchema)).default({}),
});

/**
 * Reads the graph of a stack from the synthesized JSON, so that the picture is never outdated.
 * @param template the parsed `cdk.tf.json`.
 * @returns its resources, sorted by address.
 */
export function readGraph(template: unknown): readonly Node[] {
  const { resource } = templateSchema.parse(template);
  const resources = Object.entries(resource).flatMap(([type, ids]) =>
    Object.entries(ids).map(([id, content]) => ({ address: `${type}.${id}`, content })),
  );
  const addresses = resources.map(({ address }) => address);
  return resources
    .map(({ address, content }) => {
      const text = JSON.stringify(content);
      return {
        address,
        path: content['//'].metadata.path.split('/').slice(1).join('/'),
        references: addresses.filter((other) => other !== address && mentions(text, other)),
      };
    })
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}

/** One address may be the prefix of another. */
function mentions(text: string, address: string): boolean {
  const end = text.indexOf(address) + address.length;
  return text.includes(address) && !/[\w-]/.test(text.charAt(end));
}
