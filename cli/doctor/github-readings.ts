import { z } from 'zod';
import { findInGitHub, type GitHub } from '../pipeline/github';
import type { Shell } from '../process';
import type { EnvironmentLook, RepositoryLook, RunLook } from './github';

const repositorySchema = z.object({
  id: z.int(),
  private: z.boolean(),
  owner: z.object({ id: z.int() }),
});

const environmentsSchema = z.object({
  environments: z.array(
    z.object({
      name: z.string(),
      deployment_branch_policy: z.unknown(),
      protection_rules: z.array(z.object({ type: z.string() })).default([]),
    }),
  ),
});

const variableSchema = z.object({ value: z.string() });

const runsSchema = z.object({
  workflow_runs: z.array(z.object({ conclusion: z.string().nullable(), html_url: z.string() })),
});

/** The GitHub data for the checks. */
export class GitHubReadings {
  constructor(private readonly github: GitHub) {}

  /**
   * @param repository `owner/name`.
   * @returns undefined if the shell has no token. `gh auth token` prints one.
   */
  static of(shell: Shell, repository: string): GitHubReadings | undefined {
    const token = [shell.GH_TOKEN, shell.GITHUB_TOKEN].find((each) => each !== undefined && each !== '');
    if (token === undefined) return undefined;
    const api = shell.GITHUB_API_URL ?? 'https://api.github.com';
    return new GitHubReadings({ api, repository, token, runUrl: '' });
  }

  async repository(repository: string): Promise<RepositoryLook | undefined> {
    const found = await findInGitHub({ ...this.github, repository }, '', repositorySchema);
    return found && { id: found.id, ownerId: found.owner.id, isPrivate: found.private };
  }

  async environments(): Promise<readonly EnvironmentLook[]> {
    const found = await findInGitHub(this.github, '/environments?per_page=100', environmentsSchema);
    return (found?.environments ?? []).map(({ name, deployment_branch_policy, protection_rules }) => ({
      name,
      isBound: deployment_branch_policy !== null && deployment_branch_policy !== undefined,
      hasReviewers: protection_rules.some(({ type }) => type === 'required_reviewers'),
    }));
  }

  async variable(name: string): Promise<string | undefined> {
    return (await findInGitHub(this.github, `/actions/variables/${name}`, variableSchema))?.value;
  }

  async hasSecret(name: string, environment?: string): Promise<boolean> {
    const of = environment === undefined ? '/actions' : `/environments/${environment}`;
    return (await findInGitHub(this.github, `${of}/secrets/${name}`, z.unknown())) !== undefined;
  }

  /** @param event the event that triggered the run. */
  async newestRun(workflow: string, event: string): Promise<RunLook | undefined> {
    const path = `/actions/workflows/${workflow}/runs?event=${event}&per_page=1`;
    const [newest] = (await findInGitHub(this.github, path, runsSchema))?.workflow_runs ?? [];
    return newest && { conclusion: newest.conclusion ?? undefined, url: newest.html_url };
  }
}
