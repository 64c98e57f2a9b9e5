import { z } from 'zod';
import type { Door, DoorAnswer } from './door';

/** The result of one request. */
export interface CheckResult {
  readonly name: string;
  readonly address: string;
  readonly status?: number;
  /** The duration of the last try, in milliseconds. */
  readonly milliseconds: number;
  readonly tries: number;
  /** What is wrong, in one line. @default - nothing */
  readonly fault?: string;
}

const documentSchema = z.object({
  info: z.object({ title: z.string().min(1) }),
  paths: z.record(z.string(), z.unknown()),
});

/** @returns whether the backend answers. */
export async function checkHealth(door: Door, url: string): Promise<CheckResult> {
  return resultOf('health', await door.get(`${url}/api/v1/`), statusFault(200));
}

/** @returns whether it reaches its database. */
export async function checkDatabase(door: Door, url: string): Promise<CheckResult> {
  return resultOf('mongodb', await door.get(`${url}/api/v1/mongodb`), statusFault(200));
}

/** @returns whether its documentation is available in a browser. */
export async function checkDocumentation(door: Door, url: string): Promise<CheckResult> {
  return resultOf('docs', await door.get(`${url}/docs`), (answer) => {
    return statusFault(200)(answer) ?? (/<html/i.test(answer.text) ? undefined : 'is not an HTML page');
  });
}

/** @returns whether the API refuses requests that bypass the edge. */
export async function checkOrigin(door: Door, apiEndpoint: string): Promise<CheckResult> {
  return resultOf('origin lock', await door.get(`${apiEndpoint}/api/v1/`), statusFault(401));
}

/**
 * @param before the paths that clients know; each must still exist.
 * @returns whether the API has a description, with every path in it.
 */
export async function checkDocument(
  door: Door,
  url: string,
  before: readonly string[],
): Promise<{ readonly result: CheckResult; readonly paths: readonly string[] }> {
  const answer = await door.get(`${url}/api/v1/openapi.json`);
  const paths = pathsOf(answer);
  const missing = before.filter((path) => paths?.includes(path) === false);
  const result = resultOf('openapi', answer, () => {
    if (answer.status !== 200) return statusFault(200)(answer);
    if (paths === undefined) return 'is not an OpenAPI document with a title and paths';
    if (missing.length === 0) return undefined;
    return `lost ${missing.join(', ')}, which the previous release had (--api-changes allows it)`;
  });
  return { result, paths: paths ?? [] };
}

/** @returns the paths of the API now; undefined if it does not answer. */
export async function currentPaths(door: Door, url: string): Promise<readonly string[] | undefined> {
  return pathsOf(await door.get(`${url}/api/v1/openapi.json`, 1));
}

function pathsOf({ text }: DoorAnswer): readonly string[] | undefined {
  const parsed = documentSchema.safeParse(jsonOf(text));
  return parsed.success ? Object.keys(parsed.data.paths) : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // an error page is not JSON
  }
}

function statusFault(wanted: number): (answer: DoorAnswer) => string | undefined {
  return ({ status, text }) => {
    if (status === wanted) return undefined;
    return status === undefined ? `gave no answer: ${text}` : `answered ${status}, expected ${wanted}`;
  };
}

function resultOf(
  name: string,
  answer: DoorAnswer,
  faultOf: (answer: DoorAnswer) => string | undefined,
): CheckResult {
  const { address, status, milliseconds, tries } = answer;
  return { name, address, status, milliseconds, tries, fault: faultOf(answer) };
}
