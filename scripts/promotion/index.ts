import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import { Load } from '../../__tests__/support/load';
import { reachable } from '../../cli/address';
import { localAddresses } from '../../cli/local/addresses';
import type { RunResult } from '../../cli/process';
import { releaseSchema, statusSchema } from '../../cli/schemas/release';
import { print, table, tell } from '../../cli/terminal';
import { UserError } from '../../errors';
import { putChangedExample } from '../backend-image';
import { requireNone } from '../hunt/cloud-hunt';
import { type LocalCloud, withLocalCloud } from '../local-cloud';
import { writeTable } from '../table-in-document';

type Row = readonly [step: string, result: string];

const head = ['step', 'result'];

/** Promotes an image from dev to staging, while a client sends requests to staging through its edge. */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kairos-promotion-'));
  try {
    const rows = await withLocalCloud(folder, promote);
    print(await table(head, rows));
    writeTable('reliability.md', { mark: 'promotion', head, rows });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function promote(cloud: LocalCloud): Promise<readonly Row[]> {
  required(await cloud.kairos(['local', 'up', 'staging']));
  await cloud.draw('staging');
  const rows: Row[] = [];
  const took = (...row: Row) => {
    tell(row.join(': '));
    rows.push(row);
  };
  const target = {
    home: cloud.home,
    shell: cloud.shell,
    clientOptions: {
      region: cloud.record.region,
      endpoint: cloud.shell.AWS_ENDPOINT_URL,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    },
  };
  const digest = await putChangedExample(target, join('kairos', 'routes', 'root.py'), (text) =>
    text.replace('Hello from Kairos', 'Hello, promoted'),
  );
  required(await cloud.kairos(['release', 'dev', '--digest', digest]));
  took('`kairos release dev --digest …` of another image', 'released');

  const { url = '' } = await statusOf(cloud, 'staging');
  const door = reachable(url, await localAddresses(cloud.record));
  const answer = async () => (await fetch(`${door}/api/v1/`)).text();

  const promoted = await underLoad(door, () => cloud.kairos(['promote', 'dev', 'staging', '--json']));
  const released = releaseSchema.parse(JSON.parse(required(promoted.result).stdout));
  must(released.outcome === 'released' && released.digest === digest, JSON.stringify(released));
  must((await answer()).includes('Hello, promoted'), await answer());
  took('`kairos promote dev staging`, while a client asks through the edge', failedOf(promoted.failed));
  took('`kairos status staging --drift`', await hasNotDrifted(cloud));

  const again = required(await cloud.kairos(['promote', 'dev', 'staging', '--json']));
  const { outcome } = releaseSchema.parse(JSON.parse(again.stdout));
  took('`kairos promote dev staging` once more', outcome);
  took('secrets of dev and staging in everything that was left', requireNone(await cloud.hunt()));
  return rows;
}

/** Milliseconds between two requests: the firewall's limit also applies to this client. */
const pace = 500;

async function underLoad(door: string, work: () => Promise<RunResult>) {
  const load = new Load(`${door}/api/v1/`, 1, pace);
  const result = await work().finally(() => load.stop());
  const { failed } = await load.stop();
  return { result, failed };
}

function failedOf(failed: readonly string[]): string {
  must(failed.length === 0, failed.slice(0, 5).join('\n'));
  return '0 failed requests';
}

async function hasNotDrifted(cloud: LocalCloud): Promise<string> {
  const { drift, planned } = await statusOf(cloud, 'staging', '--drift');
  must(drift.length === 0 && planned?.length === 0, [...drift, ...(planned ?? [])].join('\n'));
  return 'no changes';
}

async function statusOf(
  cloud: LocalCloud,
  name: string,
  ...more: readonly string[]
): Promise<z.infer<typeof statusSchema>> {
  const { stdout } = required(await cloud.kairos(['status', name, '--json', ...more]));
  return statusSchema.parse(JSON.parse(stdout));
}

function required(result: RunResult): RunResult {
  must(result.code === 0, result.output);
  return result;
}

function must(isRight: boolean, words: string): void {
  if (!isRight) throw new UserError(words);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
