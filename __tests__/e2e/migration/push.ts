import { join } from 'node:path';
import { z } from 'zod';
import { run, type RunResult } from '../../../cli/process';
import { terraformCommand } from '../../../cli/tools/terraform';
import { close, forward, listen } from '../../../scripts/faults/forward';
import { expectSuccess } from '../../support/project';
import type { Migration } from './migration';

const pushedSchema = z.object({ digest: z.string(), pushed: z.boolean() });
const push = ['image', 'push'];
const ending = join('__tests__', 'support', 'ending');
const locked =
  /the image was not pushed: the state of kairos-image is held by .* next: (.* force-unlock \S+)$/m;

/**
 * Step 4 of docs/migration.md. cdktf, Terraform, its state and its lock are real. The build, which needs a Docker
 * daemon, is left out.
 */
export function describePush(migration: Migration): void {
  it('step 4 pushes the image, also after a kill before and after ECR has it', async () => {
    const given = withoutDocker(migration);
    await migration.killedKairos({ at: /^PutImage$/ }, push, given);
    const { code, output } = await asAws(migration, process.execPath, [join('bin', 'kairos.js'), ...push]);
    expect(output).toMatch(locked);
    expect(code).toBe(1);
    const unlock = locked.exec(output)?.[1] ?? '';
    expectSuccess(await asAws(migration, 'bash', ['-c', `echo yes | ${unlock}`]));

    await migration.killedKairos({ at: /^PutImage$/, done: true }, push, given);
    const { stdout } = expectSuccess(await migration.kairos(['image', 'push', '--json']));
    const { digest, pushed } = pushedSchema.parse(JSON.parse(stdout));
    expect(pushed).toBe(false);
    migration.digest = digest;
  });
}

/** Runs a command that does not know its cloud as a local one, so that Terraform pushes as to AWS. */
async function asAws(migration: Migration, command: string, args: readonly string[]): Promise<RunResult> {
  const { endpoint } = migration.cloud.clientOptions;
  const { server, address } = await listen((incoming, outgoing) => {
    void forward(endpoint, incoming).then((answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
  });
  const shell = { ...migration.shell, ...withoutDocker(migration), AWS_ENDPOINT_URL: address };
  return run(command, args, { shell, cwd: migration.project }).finally(() => close(server));
}

function withoutDocker({ shell, project }: Migration) {
  return {
    TERRAFORM_BINARY_NAME: join(project, ending, 'terraform-without-docker.js'),
    REAL_TERRAFORM: terraformCommand(shell),
    STAND_IN_PUSH: `cd ${project} && ${process.execPath} -r ./bin/typescript ${join(ending, 'push-stand-in.ts')}`,
  };
}
