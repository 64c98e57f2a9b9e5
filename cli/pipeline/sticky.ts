import { z } from 'zod';
import { callGitHub, type GitHub, listAll } from './github';

const commentSchema = z.object({
  id: z.number(),
  body: z.string().nullish(),
  user: z.object({ type: z.string() }).nullish(),
});

/**
 * Writes the one comment of a pull request that carries a marker: the one that is there, or a new one. A person who
 * quotes the comment quotes the marker too, so only a bot's is taken.
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
