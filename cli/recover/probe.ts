import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../errors';
import { run } from '../process';
import { stackFolder } from '../project';
import { terraformCommand } from '../tools/terraform';
import type { Target } from './target';

/** A resource that may exist, and its import id. */
export interface Candidate {
  readonly address: string;
  readonly id: string;
  /** The provider's name in the configuration. */
  readonly provider: string;
}

/** An `import` block: https://developer.hashicorp.com/terraform/language/v1.11.x/import */
export interface ImportBlock {
  readonly to: string;
  readonly id: string;
  readonly provider?: string;
}

const templateSchema = z.object({
  provider: z.unknown(),
  terraform: z.object({ required_providers: z.unknown(), required_version: z.unknown() }),
});

/**
 * Asks Terraform which candidates exist. A configuration that contains only imports has no dependencies, no state and
 * no lock, so each candidate is read independently of the others.
 * @returns those that exist.
 * @throws UserError if something could not be read.
 */
export async function thoseThatExist(
  target: Target,
  candidates: readonly Candidate[],
): Promise<readonly Candidate[]> {
  if (candidates.length === 0) return [];
  const stack = stackFolder(target.stack, target.shell);
  const { provider, terraform } = templateSchema.parse(
    JSON.parse(readFileSync(join(stack, 'cdk.tf.json'), 'utf8')),
  );
  const imports = candidates.map((candidate): ImportBlock => {
    const to = candidate.address;
    // A provider without an alias is the default of an import.
    return candidate.provider.includes('.')
      ? { to, id: candidate.id, provider: candidate.provider }
      : { to, id: candidate.id };
  });
  // Only its owner can read it, because a generated configuration contains what the provider reads.
  const folder = mkdtempSync(join(tmpdir(), 'kairos-recover-'));
  try {
    writeFileSync(join(folder, 'probe.tf.json'), JSON.stringify({ provider, terraform, import: imports }));
    const command = terraformCommand(target.shell);
    const options = { shell: target.shell, cwd: folder };
    const plugins = `-plugin-dir=${join(stack, '.terraform', 'providers')}`;
    const init = await run(command, ['init', '-input=false', plugins], options);
    if (init.code !== 0) throw new UserError(`terraform init failed:\n${init.output}`);
    const generate = '-generate-config-out=generated.tf';
    const { stdout } = await run(command, ['plan', '-json', '-input=false', generate], options);
    const there = addressesRead(stdout);
    return candidates.filter(({ address }) => there.has(address));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const lineSchema = z.object({
  type: z.string(),
  hook: z.object({ resource: z.object({ addr: z.string() }), id_value: z.string().optional() }).optional(),
  diagnostic: z.object({ severity: z.string(), summary: z.string(), detail: z.string() }).optional(),
});

/** Errors that do not say whether a resource exists. 0 is the provider's code for no response. */
const noAnswer = /AccessDenied|UnauthorizedOperation|ExpiredToken|StatusCode: (?:0|403|429|5\d\d)\b/;

/**
 * @param output of `terraform plan -json`: https://developer.hashicorp.com/terraform/internals/machine-readable-ui
 * @returns the addresses whose resource was read and exists.
 * @throws UserError if AWS did not say whether a resource exists.
 */
export function addressesRead(output: string): ReadonlySet<string> {
  const lines = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => lineSchema.parse(JSON.parse(line)));
  const unanswered = lines
    .flatMap(({ diagnostic }) => diagnostic ?? [])
    .filter(({ severity, summary, detail }) => severity === 'error' && noAnswer.test(`${summary} ${detail}`))
    .map(({ summary }) => summary);
  if (unanswered.length > 0) {
    throw new UserError(
      `AWS did not say whether these exist; give your role the permission to read them, sign in again if the credentials have expired, or run this again when AWS answers:\n  ${unanswered.join('\n  ')}`,
    );
  }
  const read = lines.flatMap(({ type, hook }) =>
    type === 'refresh_complete' && (hook?.id_value ?? '') !== '' ? (hook?.resource.addr ?? []) : [],
  );
  return new Set(read);
}
