import { z } from 'zod';
import { callGitHub, type GitHub, listAll } from './github';

const commentSchema = z.object({
  id: z.number(),
  body: z.string().nullish(),
  user: z.object({ type: z.string() }).nullish(),
});

/**
 * Writes the comment of a pull request that contains a marker: it updates the existing comment, or creates one. A
 * person who quotes the comment also quotes the marker, so only the comment of a bot is updated.
 */
export async function writeComment(
  github: GitHub,
  pullRequest: number,
  marker: string,
  body: string,
): Promise<'changed' | 'written'> {
  const comments = await listAll(github, `/issues/${pullRequest}/comments`, commentSchema);
  const own = comments.find((comment) => comment.user?.type === 'Bot' && comment.body?.includes(marker));
  if (own === undefined) {
    await callGitHub(github, 'POST', `/issues/${pullRequest}/comments`, { body });
    return 'written';
  }
  await callGitHub(github, 'PATCH', `/issues/comments/${own.id}`, { body });
  return 'changed';
}
