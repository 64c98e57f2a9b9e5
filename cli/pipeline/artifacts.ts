import { strFromU8, unzipSync } from 'fflate';
import { z } from 'zod';
import { UserError } from '../../errors';
import { callGitHub, type GitHub, listAll } from './github';
import { readStackPlan, type StackPlan } from './stack-plan';

const pullRequestSchema = z.object({
  number: z.number(),
  merged_at: z.string().nullable(),
  head: z.object({ sha: z.string() }),
});

const artifactsSchema = z.object({
  artifacts: z.array(
    z.object({
      id: z.number(),
      created_at: z.string(),
      expired: z.boolean(),
      workflow_run: z
        .object({ head_sha: z.string(), repository_id: z.number(), head_repository_id: z.number() })
        .nullish(),
    }),
  ),
});

type Run = z.infer<typeof artifactsSchema>['artifacts'][number]['workflow_run'];

/** A fork can edit the workflow that stores its artifact, so nobody has reviewed such an artifact. */
function isPlanOf(run: Run, commit: string): boolean {
  return run?.head_sha === commit && run.head_repository_id === run.repository_id;
}

/**
 * Finds what was reviewed before a commit was merged: the newest plan that the workflow of its pull request stored, for
 * exactly the merged commit. https://docs.github.com/en/rest/actions/artifacts
 * @returns undefined if the commit did not come from a pull request.
 * @throws UserError if the pull request's plan of the stack no longer exists.
 */
export async function findReviewedPlan(
  github: GitHub,
  commit: string,
  stack: string,
): Promise<StackPlan | undefined> {
  const pulls = await listAll(github, `/commits/${commit}/pulls`, pullRequestSchema);
  const merged = pulls.find(({ merged_at }) => merged_at !== null);
  if (merged === undefined) return undefined;
  const response = await callGitHub(github, 'GET', `/actions/artifacts?name=reviewed-${stack}&per_page=100`);
  const { artifacts } = artifactsSchema.parse(await response.json());
  const [newest] = artifacts
    .filter(({ expired, workflow_run }) => !expired && isPlanOf(workflow_run, merged.head.sha))
    .sort((one, other) => other.created_at.localeCompare(one.created_at));
  if (newest === undefined) {
    throw new UserError(
      `pull request ${merged.number} has no plan of ${stack} for its last commit ${merged.head.sha.slice(0, 12)}; run its workflow "plan" again, then this job`,
    );
  }
  const archive = await callGitHub(github, 'GET', `/actions/artifacts/${newest.id}/zip`);
  const file = unzipSync(new Uint8Array(await archive.arrayBuffer()))[`${stack}.json`];
  const plan = file === undefined ? undefined : readStackPlan(strFromU8(file), `reviewed-${stack}`);
  if (plan?.stack === stack && plan.commit === merged.head.sha) return plan;
  throw new UserError(`the stored plan is not that of ${stack} at ${merged.head.sha.slice(0, 12)}`);
}
