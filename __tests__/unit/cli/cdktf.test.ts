import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reasonIn, requireInState, runTerraform, synthesize } from '../../../cli/cdktf';

const room = mkdtempSync(join(tmpdir(), 'kairos-cdktf-'));

/**
 * A shell whose Terraform prints the given lines to standard output and standard error, for a stack of two
 * resources.
 */
function shellWith(name: string, stdout: readonly string[], stderr: readonly string[] = []) {
  const command = join(room, name);
  const say = (lines: readonly string[], to: string) => lines.map((line) => `echo '${line}' ${to}`);
  writeFileSync(command, ['#!/bin/sh', ...say(stderr, '>&2'), ...say(stdout, ''), ''].join('\n'));
  chmodSync(command, 0o755);
  const folder = join(room, 'out', 'stacks', 'kairos-dev');
  mkdirSync(folder, { recursive: true });
  const resource = { aws_sns_topic: { a: {}, b: {} }, aws_kms_key: { maybe: { count: '${var.n}' } } };
  writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify({ resource }));
  return { ...process.env, CDKTF_OUTDIR: join(room, 'out'), TERRAFORM_BINARY_NAME: command };
}

describe('a check of the state after a deploy', () => {
  it('passes if all resources are in the state', async () => {
    const shell = shellWith('whole', ['aws_sns_topic.a', 'aws_sns_topic.b[0]']);
    await expect(requireInState('kairos-dev', { shell })).resolves.toBeUndefined();
  });

  it('fails if a resource is not in the state', async () => {
    const shell = shellWith('half', ['aws_sns_topic.a'], ['aws_sns_topic.b']);
    await expect(requireInState('kairos-dev', { shell })).rejects.toThrow(
      'cdktf reported that it deployed kairos-dev, but its state does not contain aws_sns_topic.b; next: npx cdktf deploy kairos-dev',
    );
  });
});

it("only Terraform's standard output is parsed, not its standard error", async () => {
  const { stdout } = await runTerraform('kairos-dev', ['output', '-json'], {
    shell: shellWith('talkative', ['{}'], ['2026-11-25T06:00:00Z [TRACE] a word of TF_LOG']),
  });
  expect(stdout).toBe('{}');
});

describe('the error of a failed Terraform', () => {
  const fails = (name: string, line: string) => {
    const shell = shellWith(name, [line]);
    appendFileSync(shell.TERRAFORM_BINARY_NAME, 'exit 1\n');
    return runTerraform('kairos-dev', ['init', '-input=false'], { shell });
  };

  it('is one line if the bucket of the state is missing', async () => {
    await expect(
      fails('bucketless', 'Error: x: S3 bucket "kairos-tfstate-1-dev" does not exist.'),
    ).rejects.toThrow(
      /^terraform init of kairos-dev failed: the state bucket kairos-tfstate-1-dev does not exist; next: [^\n]+$/,
    );
  });

  it("is Terraform's own output for another failure", async () => {
    await expect(fails('failing', 'Error: no such provider')).rejects.toThrow(
      /^terraform init -input=false failed in \S+:\nError: no such provider$/,
    );
  });
});

it.each([
  ['[command]/tmp/terraform-bin output -json', '{}', '::debug::Terraform exited'],
  ['version 1.11.4 is not installed. Installing now ...', '{}'],
  ['Warning: Unable to open CLI configuration file', '{}'],
  ['Welcome back!', '{}'],
])('"%s" in the output of Terraform is shown, with what to type', async (...lines) => {
  const shell = shellWith('wordy', lines);
  const answer = runTerraform('kairos-dev', ['output', '-json'], { shell });
  await expect(answer).rejects.toThrow(
    `wordy output -json did not print JSON, but: ${lines[0]}\nnext: TERRAFORM_BINARY_NAME=`,
  );
});

it.each([
  ['{"a": "a secret"}', '{"a": "a secret"}'],
  ['{"a": "a secret"', '  "b": 1'],
])('invalid JSON is not shown, because it may contain a secret', async (...lines) => {
  const shell = shellWith('broken', lines);
  const answer = runTerraform('kairos-dev', ['output', '-json'], { shell });
  await expect(answer).rejects.toThrow(/did not print JSON, but: nothing that is one\n/);
});

it('a synth writes JSON, even if the shell asks for HCL', async () => {
  const folder = join(room, 'synthesized');
  await synthesize({ shell: { ...process.env, CDKTF_OUTDIR: folder, SYNTH_HCL_OUTPUT: 'true' } });
  expect(readdirSync(join(folder, 'stacks', 'kairos-dev'))).toEqual(['cdk.tf.json']);
});

describe('the reason of a failed deploy', () => {
  it('is the last error of Terraform, not one that was retried', () => {
    const output = [
      'kairos-dev  │ Error: retried: the key was not there yet',
      'kairos-dev  aws_kms_key.Key: Creation complete after 12s',
      'kairos-dev  ╷',
      'kairos-dev  │ Error: creating Lambda Function (kairos-dev): AccessDenied',
      'kairos-dev  │ ',
      'kairos-dev  │   with aws_lambda_function.Backend,',
      'kairos-dev  ╵',
      'Error: Invoking Terraform CLI failed with exit code 1',
    ].join('\n');
    const reason = reasonIn(output, '/log');
    expect(reason).toMatch(/^:\n {2}Error: creating Lambda Function \(kairos-dev\): AccessDenied\n/);
    expect(reason).toContain('with aws_lambda_function.Backend');
    expect(reason).not.toContain('retried');
    expect(reason).toContain('(complete output: /log)');
  });

  it('is the end of the output if there is no error in it', () => {
    expect(reasonIn('one\ntwo\nterminated', '/log')).toBe(
      ':\n  one\n  two\n  terminated\n  (complete output: /log)',
    );
  });
});
