import { UserError } from '../../errors';
import { requireLive } from '../live/alias';
import type { LiveEnvironment } from '../live/environment';
import { readState } from '../live/state';
import {
  checkDatabase,
  checkDocument,
  checkDocumentation,
  checkHealth,
  checkOrigin,
  type CheckResult,
} from './checks';
import { Door } from './door';
import { readSmokeRecord, writeSmokeRecord } from './record';

export interface SmokeOptions {
  /** Whether the API may have lost paths. */
  readonly apiChanges: boolean;
  /** Whether to test the database too. */
  readonly database: boolean;
  /** The paths that clients know. @default - those of the last smoke test that passed */
  readonly before?: readonly string[];
}

export interface SmokeResult {
  readonly url: string;
  /** The version that was live. */
  readonly version: string;
  readonly digest: string;
  readonly passed: boolean;
  /** What is wrong, in one line. @default - nothing */
  readonly reason?: string;
  readonly checks: readonly CheckResult[];
}

/**
 * Sends requests to an environment's public URL like a client, and stores the result next to the environment's state.
 * @throws UserError if the environment was never deployed.
 */
export async function smoke(environment: LiveEnvironment, options: SmokeOptions): Promise<SmokeResult> {
  const [live, state, record, door] = await Promise.all([
    requireLive(environment),
    readState(environment),
    readSmokeRecord(environment),
    Door.open(environment.shell),
  ]);
  const url = state?.outputs.url;
  if (url === undefined) {
    throw new UserError(
      `${environment.names.stack} has no URL yet; release an image: npx kairos release ${environment.name}`,
    );
  }
  const before = options.apiChanges ? [] : (options.before ?? record?.paths ?? []);
  // While clients may still call the API directly, there is no lock to test.
  const locked = state?.outputs.edge_origin === 'open' ? undefined : state?.outputs.api_endpoint;
  const { checks, paths } = await check(door, url, locked, before, options);
  const faulty = checks.find(({ fault }) => fault !== undefined);
  const reason = faulty && `GET ${faulty.address} ${faulty.fault ?? ''}${triesOf(faulty)}`;
  const passed = reason === undefined;
  const shown = { version: live.version, digest: live.digest, passed, reason };
  await writeSmokeRecord(environment, {
    ...shown,
    at: new Date(),
    paths: passed ? paths : (record?.paths ?? []),
  });
  return { url, ...shown, checks };
}

async function check(
  door: Door,
  url: string,
  apiEndpoint: string | undefined,
  before: readonly string[],
  { database }: SmokeOptions,
): Promise<{ readonly checks: readonly CheckResult[]; readonly paths: readonly string[] }> {
  // The first request is sent alone: if the function cannot start, the others would only wait for the same error.
  const health = await checkHealth(door, url);
  if (health.fault !== undefined) return { checks: [health], paths: [] };
  const [document, ...others] = await Promise.all([
    checkDocument(door, url, before),
    checkDocumentation(door, url),
    ...(database ? [checkDatabase(door, url)] : []),
    ...(apiEndpoint === undefined || apiEndpoint === url ? [] : [checkOrigin(door, apiEndpoint)]),
  ]);
  return { checks: [health, document.result, ...others], paths: document.paths };
}

function triesOf({ tries }: CheckResult): string {
  return tries === 1 ? '' : ` (asked ${tries} times)`;
}
