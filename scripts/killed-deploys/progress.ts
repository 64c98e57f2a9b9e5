import { z } from 'zod';

const lineSchema = z.object({
  type: z.string(),
  hook: z.object({ resource: z.object({ addr: z.string(), resource_type: z.string() }) }).optional(),
});

/**
 * @param output of `terraform apply -json`, which may be truncated:
 * https://developer.hashicorp.com/terraform/internals/machine-readable-ui
 * @returns the types of the resources that were in progress, without duplicates; a text if there was none.
 */
export function underWay(output: string): string {
  const open = new Map<string, string>();
  let hasBegun = false;
  for (const line of output.split('\n').filter((text) => text.startsWith('{') && text.endsWith('}'))) {
    const { type, hook } = lineSchema.parse(JSON.parse(line));
    if (hook === undefined) continue;
    const { addr, resource_type } = hook.resource;
    if (type === 'apply_start') {
      hasBegun = true;
      open.set(addr, resource_type);
    }
    if (type === 'apply_complete' || type === 'apply_errored') open.delete(addr);
  }
  if (open.size > 0) return [...new Set(open.values())].sort().join(', ');
  return hasBegun ? 'the state' : 'the plan';
}
