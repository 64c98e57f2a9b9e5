import { z } from 'zod';
import { UserError } from '../../errors';
import type { Shell } from '../process';

/**
 * What a GitHub Actions job knows about itself:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 */
export interface GitHub {
  /** The URL of the API. */
  readonly api: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly token: string;
  /** The page of the run. */
  readonly runUrl: string;
}

/** @throws UserError that names every missing variable. */
export function openGitHub(shell: Shell): GitHub {
  const names = ['GITHUB_API_URL', 'GITHUB_SERVER_URL', 'GITHUB_REPOSITORY', 'GITHUB_RUN_ID', 'GITHUB_TOKEN'];
  const missing = names.filter((name) => (shell[name] ?? '') === '');
  if (missing.length > 0) {
    throw new UserError(
      `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not set: this runs in a job of GitHub Actions, with GITHUB_TOKEN: \${{ github.token }} in its env`,
    );
  }
  const [api = '', server = '', repository = '', run = '', token = ''] = names.map((name) => shell[name]);
  return { api, repository, token, runUrl: `${server}/${repository}/actions/runs/${run}` };
}

/**
 * Calls GitHub's API.
 * @param path below the repository, such as `/issues/7/comments`.
 * @throws UserError with GitHub's message if it refuses.
 */
export async function callGitHub(
  github: GitHub,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: unknown,
): Promise<Response> {
  const response = await send(github, method, path, body);
  if (response.ok) return response;
  throw await refusal(response, method, path);
}

/**
 * @returns GitHub's response for a path; undefined if there is nothing that this token can read.
 * @throws UserError with GitHub's message if it refuses.
 */
export async function findInGitHub<Found>(
  github: GitHub,
  path: string,
  schema: z.ZodType<Found>,
): Promise<Found | undefined> {
  const response = await send(github, 'GET', path);
  if (response.status === 404) return undefined;
  if (!response.ok) throw await refusal(response, 'GET', path);
  return schema.parse(await response.json());
}

function send(github: GitHub, method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${github.api}/repos/${github.repository}${path}`, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${github.token}`,
      'x-github-api-version': '2022-11-28',
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

async function refusal(response: Response, method: string, path: string): Promise<UserError> {
  const words = (await response.text()).slice(0, 300);
  return new UserError(`GitHub refused ${method} ${path} (HTTP ${response.status}): ${words}`);
}

/** In entries; the maximum page size of GitHub. */
const pageSize = 100;

/** @returns all entries of a list, page by page. */
export async function listAll<Entry>(
  github: GitHub,
  path: string,
  schema: z.ZodType<Entry>,
): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  for (let page = 1; ; page += 1) {
    const separator = path.includes('?') ? '&' : '?';
    const response = await callGitHub(github, 'GET', `${path}${separator}per_page=${pageSize}&page=${page}`);
    const entries = z.array(schema).parse(await response.json());
    found.push(...entries);
    if (entries.length < pageSize) return found;
  }
}
