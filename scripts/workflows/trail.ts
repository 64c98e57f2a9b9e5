import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { FakeGitHub } from '../../__tests__/support/fake-github';
import type { CloudRecord } from '../../cli/local/home';
import { run, type Shell } from '../../cli/process';
import type { EnvironmentName } from '../../config/names';
import { UserError } from '../../errors';
import { CloudHunt, requireNone } from '../hunt/cloud-hunt';
import { asLines, drawnSecrets, namedFor } from '../hunt/drawn-secrets';
import { type Hunted, huntWords, together } from '../hunt/secret-hunt';
import type { Run } from './runner';

const keysSchema = z.object({ AWS_SECRET_ACCESS_KEY: z.string(), AWS_SESSION_TOKEN: z.string() });

/** Searches what each run of a workflow has written for secrets, before the next run deletes the artifacts. */
export class Trail {
  private readonly room = mkdtempSync(join(tmpdir(), 'kairos-signed-in-'));
  private readonly hunt: CloudHunt;
  private total: Hunted = { artefacts: 0, found: [], unopened: [] };
  private signIns = 0;

  /** The file to which each job writes the credentials of the role that it assumes. */
  readonly signedIn = join(this.room, 'keys');

  /** @param folders to which commands and jobs write. */
  constructor(folders: readonly string[]) {
    this.hunt = new CloudHunt({ folders });
  }

  /** Sets random secrets for an environment, and adds them to the search. */
  async draw(name: EnvironmentName, shell: Shell): Promise<void> {
    const secrets = drawnSecrets();
    this.know(namedFor(name, secrets));
    const set = ['bin/kairos.js', 'secrets', 'set', name];
    const { code, output } = await run(process.execPath, set, { shell, input: asLines(secrets) });
    if (code !== 0) throw new UserError(output);
    this.hear(output);
  }

  /** Adds secrets to the search. */
  know(secrets: ReadonlyMap<string, string>): void {
    this.hunt.know(secrets);
  }

  /** Keeps the output of a command for the next search. */
  hear(text: string): void {
    this.hunt.hear(text);
  }

  /**
   * Searches the output of a run, act's command line, everything that GitHub has, the files, and the states.
   * @throws UserError with each secret that was found, and where.
   */
  async search({ said }: Run, commandLine: string, github: FakeGitHub, record: CloudRecord): Promise<void> {
    this.knowKeys();
    const { comments, issues, dispatches, artifacts, requests } = github;
    for (const text of [said, commandLine]) this.hear(text);
    this.hear(JSON.stringify({ comments, issues, dispatches, artifacts, requests }));
    const hunted = await this.hunt.search(record);
    requireNone(hunted);
    this.total = together([this.total, hunted]);
  }

  /** The cell of a table for all runs. */
  get words(): string {
    return huntWords(this.total);
  }

  end(): void {
    rmSync(this.room, { recursive: true });
  }

  private knowKeys(): void {
    const lines = existsSync(this.signedIn) ? readFileSync(this.signedIn, 'utf8').trim().split('\n') : [];
    for (const line of lines.slice(this.signIns)) {
      const keys = keysSchema.parse(JSON.parse(line));
      this.signIns += 1;
      // The local cloud makes them of digits that occur in checksums, so the pieces are longer.
      this.hunt.know(
        new Map(Object.entries(keys).map(([name, value]) => [`${name} of sign-in ${this.signIns}`, value])),
        16,
      );
    }
  }
}
