import { existsSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../errors';
import type { Shell } from '../process';
import { projectRoot } from '../project';
import { makeFolder } from '../folder';
import { given } from '../variables';

/** The record of a local cloud that was started. */
export interface CloudRecord {
  /** The server's process. */
  readonly pid: number;
  /** The port of the AWS APIs, on the loopback interface. */
  readonly port: number;
  /** The local cloud's account, 12 digits. */
  readonly accountId: string;
  /** The local cloud's region. */
  readonly region: string;
}

const recordSchema: z.ZodType<CloudRecord> = z.object({
  pid: z.int(),
  port: z.int(),
  accountId: z.string(),
  region: z.string(),
});

/** The folder of one local cloud: its record, its log, and what was staged for each image. */
export class LocalHome {
  /** Without symbolic links, so that every path to it is the same home. The server reports this path. */
  readonly folder: string;

  /** @param shell the environment variables; `KAIROS_LOCAL_HOME` changes the folder, as in the tests. */
  constructor(shell: Shell) {
    this.folder = realPath(resolve(projectRoot, given(shell.KAIROS_LOCAL_HOME) ?? join('.kairos', 'local')));
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  get log(): string {
    return this.path('cloud.log');
  }

  /** @returns the record; undefined if no cloud was started here, or its record is truncated. */
  read(): CloudRecord | undefined {
    const file = this.path('cloud.json');
    if (!existsSync(file)) return undefined;
    if (statSync(file).isDirectory())
      throw new UserError(`${file} is a folder; expected a file with the record; remove the folder`);
    return recordSchema.safeParse(jsonOf(readFileSync(file, 'utf8'))).data;
  }

  write(record: CloudRecord): void {
    makeFolder(this.folder);
    writeFileSync(this.path('cloud.json'), `${JSON.stringify(record, undefined, 2)}\n`);
  }

  /** Deletes the record of a cloud that has ended. Its log stays. */
  forget(): void {
    rmSync(this.path('cloud.json'), { force: true });
  }
}

/** @returns the path without symbolic links, as far as it exists. */
function realPath(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(realPath(parent), basename(path));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the process that wrote it was stopped during the write
  }
}
