import { configuration } from '../../../config/environments';
import { placeholderIds, placeholderIn } from '../../../config/github';

const own = { ownerId: 11, repositoryId: 22, provider: 'make' } as const;

describe('the ids of the repository', () => {
  it('that nobody wrote down are told at every synth, with what to type', () => {
    const words = placeholderIn({ ...own, ...placeholderIds });
    expect(words).toContain('github.ownerId and github.repositoryId of config/environments.ts are still');
    expect(words).toContain("gh api repos/OWNER/NAME --jq '.owner.id, .id'");
  });

  it('are told of when one alone was forgotten', () => {
    expect(placeholderIn({ ...own, repositoryId: placeholderIds.repositoryId })).toMatch(
      /^github.repositoryId of config\/environments.ts is still/,
    );
  });

  it("are quietly taken when they are somebody's, or when nobody delivers from GitHub", () => {
    expect(placeholderIn(own)).toBeUndefined();
    expect(placeholderIn(false)).toBeUndefined();
  });

  it('of the table are such as nobody has until its owner writes them down', () => {
    expect(configuration.github).toMatchObject(placeholderIds);
  });
});
