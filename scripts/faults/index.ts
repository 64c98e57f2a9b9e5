import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTerraform, synthesize } from '../../cli/cdktf';
import { endpointOf } from '../../cli/local/server';
import { run, type Shell } from '../../cli/process';
import { stackFolder } from '../../cli/project';
import { print, table, tell } from '../../cli/terminal';
import { terraformCommand } from '../../cli/tools/terraform';
import { type LocalCloud, withLocalCloud } from '../local-cloud';
import { type Hunted, huntWords } from '../hunt/secret-hunt';
import { concludeRun } from '../table-in-document';
import { type FaultKind, faultKinds } from './faults';
import { FaultyProxy } from './proxy';

/** Deploys an environment repeatedly, each time through a proxy that makes some calls to AWS fail. */
const shares = [0.05, 0.1, 0.2] as const;
const stack = 'kairos-dev';

/** How often a user would retry before asking somebody. */
const mostApplies = 3;

interface Cell {
  readonly kind: FaultKind;
  readonly share: number;
  readonly calls: number;
  readonly faults: number;
  /** The number of applies; undefined if it did not succeed. */
  readonly applies?: number;
  readonly recovered: boolean;
  readonly seconds: number;
  readonly isClean: boolean;
  /** Which secret was found where. */
  readonly secrets: Hunted;
}

async function main(kinds: readonly FaultKind[], tried: readonly number[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kairos-faults-'));
  try {
    tell('starts a local cloud and fills it once');
    const cells = await withLocalCloud(folder, async (cloud) => {
      const shell = { ...cloud.shell, KAIROS_IMAGE_DIGEST: cloud.digest };
      await synthesize({ shell });
      const done: Cell[] = [];
      for (const kind of kinds) {
        for (const share of tried) {
          tell(`${kind}, ${share * 100} % of the calls`);
          await runTerraform(stack, ['destroy', '-auto-approve', '-input=false'], { shell });
          done.push(await tryCell(kind, share, { shell, cloud }));
        }
      }
      return done;
    });
    const rows = cells.map(rowOf);
    print(await table(head, rows));
    const isWhole = kinds === faultKinds && tried === shares;
    const measured = { mark: 'faults', head, rows };
    process.exitCode = concludeRun('reliability.md', measured, { isWhole, isRight: cells.every(isRight) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isRight({ applies, recovered, isClean, secrets }: Cell): boolean {
  return (applies !== undefined || recovered) && isClean && secrets.found.length === 0;
}

interface Surroundings {
  readonly shell: Shell;
  readonly cloud: LocalCloud;
}

async function tryCell(kind: FaultKind, share: number, around: Surroundings): Promise<Cell> {
  const { shell, cloud } = around;
  const target = endpointOf(cloud.record);
  const proxy = await FaultyProxy.start({ kind, share, target, seed: 7, slowness: 2_000 });
  const faulty = { ...shell, AWS_ENDPOINT_URL: proxy.address };
  const started = Date.now();
  let applies = 0;
  let [isDone, recovered] = [false, false];
  while (!isDone && applies < mostApplies) {
    applies += 1;
    const args = [`-chdir=${stackFolder(stack, shell)}`, 'apply', '-auto-approve', '-input=false'];
    const { code, output } = await run(terraformCommand(shell), args, { shell: faulty });
    cloud.hear(output);
    isDone = code === 0;
    if (!isDone)
      tell(
        output
          .split('\n')
          .filter((line) => line.includes('Error:'))
          .join('\n'),
      );
  }
  if (!isDone) {
    recovered = (await cloud.kairos(['recover', 'dev', '--yes'])).code === 0;
    await runTerraform(stack, ['apply', '-auto-approve', '-input=false'], { shell });
  }
  const seconds = Math.round((Date.now() - started) / 1000);
  await proxy.stop();
  const plan = ['plan', '-input=false', '-detailed-exitcode'];
  const { code } = await run(terraformCommand(shell), [`-chdir=${stackFolder(stack, shell)}`, ...plan], {
    shell,
  });
  const { calls, faults } = proxy;
  const isClean = code === 0;
  const secrets = await cloud.hunt();
  for (const line of secrets.found) tell(line);
  return {
    kind,
    share,
    calls,
    faults,
    applies: isDone ? applies : undefined,
    recovered,
    seconds,
    isClean,
    secrets,
  };
}

const head = ['fault', 'share', 'calls', 'failed', 'applies', 'seconds', 'secrets found', 'next plan'];

function rowOf({
  kind,
  share,
  calls,
  faults,
  applies,
  recovered,
  seconds,
  isClean,
  secrets,
}: Cell): string[] {
  const words = applies === undefined ? (recovered ? 'after recover' : 'NO') : String(applies);
  const plan = isClean ? 'no changes' : 'CHANGES';
  return [
    kind,
    `${share * 100} %`,
    String(calls),
    String(faults),
    words,
    String(seconds),
    huntWords(secrets),
    plan,
  ];
}

const asked = process.argv.slice(2);
/** @returns the faults named on the command line, or all of them. */
function named<T>(all: readonly T[], nameOf: (each: T) => string): readonly T[] {
  const found = all.filter((each) => asked.includes(nameOf(each)));
  return found.length === 0 ? all : found;
}

main(
  named(faultKinds, (kind) => kind),
  named(shares, (share) => String(share * 100)),
).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
