import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Configuration } from '../../config/types';
import { run, type Shell } from '../../cli/process';
import {
  findProviderMirrors,
  terraformCommand,
  writeTerraformConfiguration,
} from '../../cli/tools/terraform';
import { synthesizeTable } from './judge';

const stackSchema = z.looseObject({ terraform: z.looseObject({ required_providers: z.unknown() }) });

const answerSchema = z.object({
  error_count: z.number(),
  diagnostics: z.array(
    z.object({
      summary: z.string(),
      address: z.string().optional(),
      range: z.object({ filename: z.string() }).optional(),
    }),
  ),
});

/**
 * Validates all stacks of several tables with one Terraform process. Each stack is a module, because reading the
 * provider's schema takes longer than everything else together.
 * @param folder an empty one.
 * @returns the errors, one line each.
 */
export async function invalid(tables: readonly Configuration[], folder: string): Promise<readonly string[]> {
  const modules = tables.flatMap((table, index) => {
    // A folder for each table, because tables with separate accounts have more stacks.
    const output = join(folder, `cdktf.out-${index}`);
    process.env.CDKTF_OUTDIR = output;
    synthesizeTable(table);
    return readdirSync(join(output, 'stacks')).map((stack) => {
      const name = `table${index}-${stack}`;
      const text = readFileSync(join(output, 'stacks', stack, 'cdk.tf.json'), 'utf8');
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'cdk.tf.json'), asModule(text));
      return name;
    });
  });
  const root = { module: Object.fromEntries(modules.map((name) => [name, { source: `./${name}` }])) };
  writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(root));
  const shell: Shell = {
    ...process.env,
    TF_CLI_CONFIG_FILE: writeTerraformConfiguration(folder, findProviderMirrors(process.env)),
  };
  const terraform = (...args: readonly string[]) =>
    run(terraformCommand(shell), [`-chdir=${folder}`, ...args], { shell });
  const init = await terraform('init', '-input=false', '-no-color');
  if (init.code !== 0) return [init.output];
  const { stdout } = await terraform('validate', '-json');
  const { error_count: errors, diagnostics } = answerSchema.parse(JSON.parse(stdout));
  if (errors === 0) return [];
  return diagnostics.map(
    ({ summary, address, range }) => `${range?.filename ?? ''} ${address ?? ''}: ${summary}`,
  );
}

/** A module has no backend and no imports, so both are left out. */
function asModule(text: string): string {
  const stack = stackSchema.parse(JSON.parse(text));
  const { required_providers } = stack.terraform;
  return JSON.stringify({ ...stack, import: undefined, terraform: { required_providers } });
}
