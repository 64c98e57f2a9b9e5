import * as fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { print, table, tell } from '../../cli/terminal';
import { UserError } from '../../errors';
import { requireNone } from '../hunt/cloud-hunt';
import { together } from '../hunt/secret-hunt';
import { writeTable } from '../table-in-document';
import { deployEach, fits } from './deploy';
import { rightConfigurations } from './right';
import { invalid } from './validate';

/**
 * Tests generated tables. They must be refused with every fault, or synthesized. Some are validated, and some are
 * deployed.
 */
const total = 10_000;
const validated = 100;
const deployed = 5;

/** How many tables one thread tests. Half of them are wrong. */
const inBlock = 500;

/** How many tables one Terraform process validates. */
const inBatch = 20;

const firstSeed = 20_260_101;

interface Part {
  /** Its name on the command line. */
  readonly name: string;
  readonly tables: string;
  readonly what: string;
  /** @returns the result. */
  readonly work: (room: string) => Promise<string>;
}

const parts: readonly Part[] = [
  {
    name: 'read',
    tables: `${total / 2} invalid with up to six faults, ${total / 2} valid`,
    what: 'refused with every fault; synthesized',
    work: tryAll,
  },
  {
    name: 'validated',
    tables: `${validated} of the valid ones`,
    what: '`terraform validate` of all stacks',
    work: validateSome,
  },
  {
    name: 'deployed',
    tables: `${deployed} of the valid ones`,
    what: 'deployed, and the next plan has no changes',
    work: deploySome,
  },
];

async function main(chosen: readonly Part[]): Promise<void> {
  const room = mkdtempSync(join(tmpdir(), 'kairos-configurations-'));
  process.env.KAIROS_BACKEND_PATH = join(room, 'none');
  try {
    const rows = [];
    for (const { tables, what, work } of chosen) rows.push(await row(tables, what, () => work(room)));
    print(await table(head, rows));
    if (chosen.length === parts.length) writeTable('reliability.md', { mark: 'configurations', head, rows });
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}

async function row(tables: string, what: string, work: () => Promise<string>): Promise<readonly string[]> {
  const started = Date.now();
  tell(`${tables}: ${what}`);
  const seen = await work();
  return [tables, what, seen, String(Math.round((Date.now() - started) / 1000))];
}

async function tryAll(room: string): Promise<string> {
  const blocks = Array.from({ length: total / inBlock }, (_, block) => block);
  const next = async (): Promise<void> => {
    for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
      await tryBlock(firstSeed + block, join(room, `block-${block}`));
      tell(`${blocks.length} blocks of ${inBlock} are left`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, next));
  return 'all';
}

function tryBlock(seed: number, folder: string): Promise<void> {
  const worker = new Worker(join(__dirname, 'block.ts'), {
    execArgv: ['-r', './bin/typescript'],
    env: { ...process.env, CDKTF_OUTDIR: folder },
    workerData: { seed, count: inBlock / 2 },
  });
  return new Promise((done, failed) => {
    worker.once('message', () => {
      done();
    });
    worker.once('error', failed);
  });
}

async function validateSome(room: string): Promise<string> {
  const tables = fc.sample(rightConfigurations, { seed: firstSeed, numRuns: validated });
  for (let first = 0; first < tables.length; first += inBatch) {
    const folder = join(room, `batch-${first}`);
    mkdirSync(folder);
    const faults = await invalid(tables.slice(first, first + inBatch), folder);
    if (faults.length > 0) throw new UserError(faults.join('\n'));
    rmSync(folder, { recursive: true });
    tell(`${Math.min(first + inBatch, validated)} of ${validated} are valid`);
  }
  return 'all';
}

async function deploySome(room: string): Promise<string> {
  const tables = fc.sample(rightConfigurations, { seed: firstSeed, numRuns: 40 * deployed }).filter(fits);
  const results = await deployEach(tables.slice(0, deployed), room);
  const unclean = results.filter(({ isClean }) => !isClean).map(({ stack }) => stack);
  if (unclean.length > 0) throw new UserError(`a second plan has changes: ${unclean.join(', ')}`);
  const hunted = requireNone(together(results.map(({ secrets }) => secrets)));
  const each = results.map(({ stack, resources, seconds }) => `${stack}: ${resources} in ${seconds} s`);
  return [...each, `secrets found: ${hunted}`].join('; ');
}

const head = ['tables', 'what was done', 'seen', 'seconds'];
const asked = process.argv.slice(2);
main(asked.length === 0 ? parts : parts.filter(({ name }) => asked.includes(name))).catch(
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
