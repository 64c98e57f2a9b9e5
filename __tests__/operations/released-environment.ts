import { releaseSchema, statusSchema as anyStatusSchema } from '../../cli/schemas/release';
import type { z } from 'zod';
import type { RunResult } from '../../cli/process';
import { DeployedCloud } from '../support/deployed-cloud';
import { expectSuccess } from '../support/project';

/** The file of the example backend that its images differ in. */
export const routes = 'kairos/routes/root.py';
export const greeting = 'Hello from Kairos';

/** Of an environment in which something is live. */
const statusSchema = anyStatusSchema.required({ live: true, url: true });

/** kairos-dev in a local cloud of its own, and the images that are released there. */
export class ReleasedEnvironment {
  private constructor(
    readonly cloud: DeployedCloud,
    /** The address that a client calls. */
    readonly address: string,
    /** The digest that is live at the beginning. */
    readonly first: string,
    /** The digest of an image that answers "Hello, second". */
    readonly second: string,
    /** The digest of an image that answers "Hello, third". */
    readonly third: string,
  ) {}

  /** @param name of the folder of its local cloud, which no other file uses. */
  static async up(name: string): Promise<ReleasedEnvironment> {
    const cloud = await DeployedCloud.up(name, 'dev');
    const door = (cloud.shell.KAIROS_CONNECT_TO ?? '').replace(/^[^=]*=/, '').split(' ')[0] ?? '';
    const says = (words: string) => (text: string) => text.replace(greeting, words);
    const first = (await statusOf(cloud)).live.digest;
    const second = await cloud.image(routes, says('Hello, second'));
    const third = await cloud.image(routes, says('Hello, third'));
    return new ReleasedEnvironment(cloud, `${door}/api/v1/`, first, second, third);
  }

  /** Runs `kairos <args>`. */
  kairos(args: readonly string[], shell?: Readonly<Record<string, string>>): Promise<RunResult> {
    return this.cloud.kairos(args, shell);
  }

  status(...args: readonly string[]): Promise<z.infer<typeof statusSchema>> {
    return statusOf(this.cloud, args);
  }

  /** Runs `kairos release dev <args>`. @returns the result. @throws with the output if there is no result. */
  async release(...args: readonly string[]): Promise<z.infer<typeof releaseSchema>> {
    const { stdout, output } = await this.kairos(['release', 'dev', '--json', ...args]);
    if (stdout === '') throw new Error(output);
    return releaseSchema.parse(JSON.parse(stdout));
  }

  /** @returns what a client reads now. */
  async answer(): Promise<string> {
    return (await fetch(this.address)).text();
  }
}

async function statusOf(cloud: DeployedCloud, args: readonly string[] = []) {
  const { stdout } = expectSuccess(await cloud.kairos(['status', 'dev', '--json', ...args]));
  return statusSchema.parse(JSON.parse(stdout));
}
