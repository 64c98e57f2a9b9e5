import type { Configuration } from './types';

/** The placeholder ids in the table, until the ids of the repository are set. No owner and no repository has them. */
export const placeholderIds = { ownerId: 180_000_001, repositoryId: 900_000_001 } as const;

/** @returns the fault while the ids are placeholders, and what to type; undefined when they are set. */
export function placeholderIn(github: Configuration['github']): string | undefined {
  if (github === false) return undefined;
  const left = (['ownerId', 'repositoryId'] as const).filter((name) => github[name] === placeholderIds[name]);
  if (left.length === 0) return undefined;
  return (
    `github.${left.join(' and github.')} of config/environments.ts ${left.length === 1 ? 'is' : 'are'} still the ` +
    'placeholder, so no job of GitHub can assume a role: every plan and deploy there fails at sign-in; ' +
    "write down what gh api repos/OWNER/NAME --jq '.owner.id, .id' prints, or github: false"
  );
}
