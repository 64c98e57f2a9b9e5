import { configuration } from '../../../config/environments';
import { placeholderIds, placeholderIn } from '../../../config/github';

const own = { ownerId: 11, repositoryId: 22, provider: 'make' } as const;

describe('the ids of the repository', () => {
  it('are reported at every synth while they are placeholders, with what to type', () => {
    const words = placeholderIn({ ...own, ...placeholderIds });
    expect(words).toContain('github.ownerId and github.repositoryId of config/environments.ts are still');
    expect(words).toContain("gh api repos/OWNER/NAME --jq '.owner.id, .id'");
  });

  it('are reported if only one is a placeholder', () => {
    expect(placeholderIn({ ...own, repositoryId: placeholderIds.repositoryId })).toMatch(
      /^github.repositoryId of config\/environments.ts is still/,
    );
  });

  it('are not reported if they are real, or without a pipeline on GitHub', () => {
    expect(placeholderIn(own)).toBeUndefined();
    expect(placeholderIn(false)).toBeUndefined();
  });

  it('are placeholders in the table, which belong to nobody', () => {
    expect(configuration.github).toMatchObject(placeholderIds);
  });
});
