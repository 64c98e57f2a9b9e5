import { TerraformResource } from 'cdktf';
import { nameLimits } from '../aws/name-limits';
import type { Policy } from './policy';

/** AWS refuses a name at apply, during a deploy. Each row of aws/name-limits.ts names its page. */
export const nameLimit: Policy = {
  name: 'name-limit',
  faultsOf: (construct) => {
    if (!(construct instanceof TerraformResource)) return [];
    const limit = nameLimits[construct.terraformResourceType];
    if (limit === undefined) return [];
    const name = nameOf(construct, limit.argument);
    // A name that Terraform composes is not known yet.
    if (name === undefined || name.includes('${')) return [];
    const { longest, characters, source } = limit;
    if (name.length > longest)
      return [
        `the name "${name}" has ${name.length} characters, and AWS allows ${longest}; shorten it (${source})`,
      ];
    return characters.test(name)
      ? []
      : [
          `the name "${name}" has characters that AWS does not allow; it must match ${characters.source} (${source})`,
        ];
  },
};

/** The configured value of `function_name` is the property `functionNameInput` of the resource. */
function nameOf(resource: TerraformResource, argument: string): string | undefined {
  const property = argument.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const name: unknown = Reflect.get(resource, `${property}Input`);
  return typeof name === 'string' ? name : undefined;
}
