import { z } from 'zod';
import { commentOn } from './comment';
import { callGitHub, type GitHub, listAll } from './github';
import type { StackPlan } from './stack-plan';

export type Drift = 'none' | 'drift' | 'error';

/** @returns the result of a nightly plan. If one stack failed, the result is an error. */
export function driftOf(plans: readonly StackPlan[]): Drift {
  if (plans.some(({ changes }) => changes === undefined)) return 'error';
  return plans.some(({ changes }) => (changes?.resources.length ?? 0) + (changes?.outputs.length ?? 0) > 0)
    ? 'drift'
    : 'none';
}

export const driftMarker = '<!-- kairos: drift -->';

const titles: Readonly<Record<Exclude<Drift, 'none'>, string>> = {
  drift: 'The account differs from main',
  error: 'The nightly plan failed',
};

const issueSchema = z.object({
  number: z.number(),
  body: z.string().nullish(),
  user: z.object({ type: z.string() }).nullish(),
});

/** Opens, updates or closes the only issue about drift. @returns what was done. */
export async function tellDrift(github: GitHub, plans: readonly StackPlan[]): Promise<string> {
  const found = driftOf(plans);
  const issues = await listAll(github, '/issues?state=open', issueSchema);
  const open = issues.find(({ body, user }) => user?.type === 'Bot' && body?.includes(driftMarker));
  if (found === 'none') {
    if (open === undefined) return 'no drift';
    await callGitHub(github, 'PATCH', `/issues/${open.number}`, { state: 'closed' });
    return `no drift any more: issue ${open.number} is closed`;
  }
  const text = commentOn(plans, { jobUrl: github.runUrl, limit: 60_000 });
  const issue = { title: titles[found], body: `${driftMarker}\n${text}` };
  if (open === undefined) {
    await callGitHub(github, 'POST', '/issues', issue);
    return `${found}: an issue was opened`;
  }
  await callGitHub(github, 'PATCH', `/issues/${open.number}`, issue);
  return `${found}: issue ${open.number} was updated`;
}
