import { TerraformDataSource, TerraformElement, TerraformResource, TerraformStack } from 'cdktf';
import { environmentActions, foundationActions } from '../aws/actions';
import { environmentNames, foundationStackName, foundationStackOf, imageStackName } from '../config/names';
import type { Policy } from './policy';

const sharedStacks = [foundationStackName, imageStackName, ...environmentNames.map(foundationStackOf)];

/**
 * A resource whose permissions are missing in the table would be planned without an error, and refused during the first
 * deploy.
 */
export const knownRights: Policy = {
  name: 'known-rights',
  faultsOf: (construct) => {
    const type = typeOf(construct);
    if (type === undefined || !TerraformElement.isTerraformElement(construct)) return [];
    const isShared = sharedStacks.includes(TerraformStack.of(construct).node.id);
    const table = isShared ? foundationActions : environmentActions;
    if (table[type] !== undefined) return [];
    return [
      `the deploy role has no permissions for ${type}, and only the apply would fail; ` +
        `add the actions that it needs to ${isShared ? 'foundationActions' : 'environmentActions'} in aws/actions.ts`,
    ];
  },
};

function typeOf(construct: unknown): string | undefined {
  if (construct instanceof TerraformResource) return construct.terraformResourceType;
  return construct instanceof TerraformDataSource ? `data.${construct.terraformResourceType}` : undefined;
}
