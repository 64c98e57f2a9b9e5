import { strToU8, zipSync } from 'fflate';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { type GitHub, openGitHub } from '../../cli/pipeline/github';
import type { Shell } from '../../cli/process';

/** The permissions of a job's token, as in `permissions` of a workflow. */
export type Permissions = Readonly<Record<string, 'read' | 'write'>>;

type Answer = readonly [status: number, body?: unknown, headers?: Readonly<Record<string, string>>];

export interface FakeComment {
  readonly id: number;
  readonly pullRequest: number;
  readonly user: { readonly type: 'Bot' | 'User' };
  body: string;
}

export interface FakeIssue {
  readonly number: number;
  readonly user: { readonly type: 'Bot' | 'User' };
  title: string;
  body: string;
  state: string;
}

export interface FakeArtifact {
  readonly id: number;
  readonly name: string;
  readonly created_at: string;
  readonly expired: boolean;
  readonly workflow_run: {
    readonly head_sha: string;
    readonly repository_id: number;
    readonly head_repository_id: number;
  };
  /** The content of the archive, by file name. */
  readonly files: Readonly<Record<string, string>>;
}

export interface FakePullRequest {
  readonly number: number;
  readonly merged_at: string | null;
  readonly head: { readonly sha: string };
  /** The merged commit. */
  readonly commit: string;
}

const bodySchema = z.object({
  title: z.string().optional(),
  body: z.string().optional(),
  state: z.string().optional(),
  event_type: z.string().optional(),
  client_payload: z.record(z.string(), z.unknown()).optional(),
});
type Body = z.infer<typeof bodySchema>;

/** In characters: GitHub's limit for the text of an issue or a comment. */
const longestBody = 65_536;

/** In members: GitHub's limit for the payload of a dispatch. */
const mostPayload = 10;

/** The token of a job, if the test does not give one. */
const defaultToken = 'a-token-of-a-job';

/**
 * A GitHub API on the loopback address with what the pipelines need. It refuses what GitHub refuses: a missing token, a
 * missing permission, an unknown path, a text that is too long. It has only one repository.
 */
export class FakeGitHub {
  readonly comments: FakeComment[] = [];
  readonly issues: FakeIssue[] = [];
  readonly artifacts: FakeArtifact[] = [];
  readonly pullRequests: FakePullRequest[] = [];
  /** What was dispatched, and to which repository. */
  readonly dispatches: (Body & { readonly to: string })[] = [];
  /** The response for a path below the repository to a person's token: `/actions/variables/NAME`. */
  readonly settings: Record<string, unknown> = {};
  /** Other visible repositories, by `owner/name`. */
  readonly others: Record<string, unknown> = {};
  /** Every request, such as `POST /issues/7/comments`. */
  readonly requests: string[] = [];
  private readonly servers: Server[] = [];
  private storage = '';
  private address = '';

  /**
   * @param permissions of the job's token.
   * @param repository `owner/name`; all others do not exist.
   * @param dispatched the other repositories to which the token may dispatch.
   * @param token of a job.
   */
  constructor(
    private readonly permissions: Permissions,
    readonly repository = 'findkairos/kairos-infrastructure',
    private readonly dispatched: readonly string[] = [],
    private readonly token = defaultToken,
  ) {}

  /** The environment variables of a job of this GitHub. */
  get shell(): Shell {
    return {
      GITHUB_API_URL: this.address,
      GITHUB_SERVER_URL: 'https://github.example',
      GITHUB_REPOSITORY: this.repository,
      GITHUB_RUN_ID: '1',
      GITHUB_TOKEN: this.token,
    };
  }

  async start(): Promise<GitHub> {
    this.storage = await this.listen((request) => this.download(request));
    this.address = await this.listen((request, body) => this.answer(request, body));
    return openGitHub(this.shell);
  }

  stop(): void {
    for (const server of this.servers) server.close();
  }

  comment(pullRequest: number, body: string, type: 'Bot' | 'User' = 'Bot'): void {
    this.comments.push({ id: this.comments.length + 1, pullRequest, user: { type }, body });
  }

  private async listen(answer: (request: IncomingMessage, body: string) => Answer): Promise<string> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const [status, body, headers] = answer(request, Buffer.concat(chunks).toString());
        response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
        response.end(body === undefined || body instanceof Uint8Array ? body : JSON.stringify(body));
      });
    });
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** The archives are stored elsewhere: like the real storage, it refuses a request with a token. */
  private download({ url = '', headers }: IncomingMessage): Answer {
    const found = this.artifacts.find(({ id }) => url === `/${id}`);
    if (headers.authorization !== undefined) return [400, { message: 'InvalidAuthenticationInfo' }];
    if (found === undefined) return notFound;
    const files = Object.entries(found.files).map(([name, text]) => [name, strToU8(text)] as const);
    return [200, zipSync(Object.fromEntries(files)), { 'content-type': 'application/zip' }];
  }

  private answer({ method = '', url = '', headers }: IncomingMessage, text: string): Answer {
    if (headers.authorization === undefined) return [401, { message: 'Requires authentication' }];
    if (headers.authorization !== `Bearer ${this.token}`) return [401, { message: 'Bad credentials' }];
    if (headers['user-agent'] === undefined) return [403, { message: 'Request forbidden' }];
    const { pathname, searchParams } = new URL(url, this.address);
    const [, owner, name, rest = ''] = /^\/repos\/([^/]+)\/([^/]+)(.*)$/.exec(pathname) ?? [];
    const to = `${owner}/${name}`;
    this.requests.push(`${method} ${rest}`);
    const body = bodySchema.parse(text === '' ? {} : JSON.parse(text));
    if (rest === '/dispatches' && method === 'POST') return this.dispatch(to, body);
    if (to in this.others && rest === '') return [200, this.others[to]];
    if (to !== this.repository) return notFound;
    if (method === 'GET' && rest in this.settings) return [200, this.settings[rest]];
    const route = this.routes.find(([verb, path]) => verb === method && path.test(rest));
    if (route === undefined) return notFound;
    const [, path, rights, act] = route;
    if (!rights.some((right) => this.may(right)))
      return [403, { message: 'Resource not accessible by integration' }];
    return act(path.exec(rest)?.[1] ?? '', body, searchParams);
  }

  private readonly routes: readonly (readonly [
    method: string,
    path: RegExp,
    rights: readonly string[],
    act: (id: string, body: Body, query: URLSearchParams) => Answer,
  ])[] = [
    [
      'GET',
      /^\/commits\/(\w+)\/pulls$/,
      ['pull-requests:read'],
      (commit, _, query) => this.pullsOf(commit, query),
    ],
    ['GET', /^\/actions\/artifacts$/, ['actions:read'], (_, __, query) => this.listArtifacts(query)],
    ['GET', /^\/actions\/artifacts\/(\d+)\/zip$/, ['actions:read'], (id) => this.archive(Number(id))],
    [
      'GET',
      /^\/issues\/(\d+)\/comments$/,
      ['issues:read', 'pull-requests:read'],
      (id, _, query) =>
        page(
          this.comments.filter(({ pullRequest }) => pullRequest === Number(id)),
          query,
        ),
    ],
    [
      'POST',
      /^\/issues\/(\d+)\/comments$/,
      ['issues:write', 'pull-requests:write'],
      (id, { body = '' }) => {
        if (isTooLong(body)) return tooLong;
        this.comment(Number(id), body);
        return [201, this.comments.at(-1)];
      },
    ],
    [
      'PATCH',
      /^\/issues\/comments\/(\d+)$/,
      ['issues:write', 'pull-requests:write'],
      (id, { body }) =>
        changed(
          this.comments.find((comment) => comment.id === Number(id)),
          { body },
        ),
    ],
    [
      'GET',
      /^\/issues$/,
      ['issues:read'],
      (_, __, query) =>
        page(
          this.issues.filter(({ state }) => state === query.get('state')),
          query,
        ),
    ],
    [
      'POST',
      /^\/issues$/,
      ['issues:write'],
      (_, { title, body = '' }) => {
        if (title === undefined) return [422, { message: 'Invalid request. "title" wasn\'t supplied.' }];
        if (isTooLong(body)) return tooLong;
        const number = this.issues.length + 1;
        this.issues.push({ number, title, body, state: 'open', user: { type: 'Bot' } });
        return [201, this.issues.at(-1)];
      },
    ],
    [
      'PATCH',
      /^\/issues\/(\d+)$/,
      ['issues:write'],
      (number, body) =>
        changed(
          this.issues.find((issue) => issue.number === Number(number)),
          body,
        ),
    ],
  ];

  /** A write permission includes reading. */
  private may(right: string): boolean {
    const [scope = '', access] = right.split(':');
    return [access, 'write'].includes(this.permissions[scope]);
  }

  private pullsOf(commit: string, query: URLSearchParams): Answer {
    if (!/^[0-9a-f]{40}$/.test(commit)) return [422, { message: `No commit found for SHA: ${commit}` }];
    return page(
      this.pullRequests.filter((pull) => pull.commit === commit),
      query,
    );
  }

  private listArtifacts(query: URLSearchParams): Answer {
    const found = this.artifacts.filter(({ name }) => name === query.get('name'));
    const [, artifacts] = page(found, query);
    return [200, { total_count: found.length, artifacts }];
  }

  private archive(id: number): Answer {
    const found = this.artifacts.find((artifact) => artifact.id === id);
    if (found === undefined) return notFound;
    if (found.expired) return [410, { message: 'Artifact has expired' }];
    return [302, undefined, { location: `${this.storage}/${id}` }];
  }

  /** The token of a job cannot dispatch to another repository, which GitHub reports as "not found". */
  private dispatch(to: string, body: Body): Answer {
    if (!this.dispatched.includes(to)) return notFound;
    if (body.event_type === undefined) return [422, { message: '"event_type" wasn\'t supplied.' }];
    if (Object.keys(body.client_payload ?? {}).length > mostPayload)
      return [422, { message: `No more than ${mostPayload} properties are allowed` }];
    this.dispatches.push({ ...body, to });
    return [204];
  }
}

const notFound: Answer = [404, { message: 'Not Found' }];

const tooLong: Answer = [
  422,
  { message: `Validation Failed: body is too long (maximum is ${longestBody} characters)` },
];

function isTooLong(body: string): boolean {
  return Array.from(body).length > longestBody;
}

function changed(found: FakeComment | FakeIssue | undefined, body: Partial<Body>): Answer {
  if (found === undefined) return notFound;
  if (isTooLong(body.body ?? '')) return tooLong;
  Object.assign(found, body);
  return [200, found];
}

function page(entries: readonly unknown[], query: URLSearchParams): Answer {
  const size = Math.min(Number(query.get('per_page') ?? 30), 100);
  const begin = (Number(query.get('page') ?? 1) - 1) * size;
  return [200, entries.slice(begin, begin + size)];
}
