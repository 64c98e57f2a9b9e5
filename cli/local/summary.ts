import { z } from 'zod';
import { type EnvironmentName, namesOf } from '../../config/names';
import { runTerraform } from '../cdktf';
import type { Shell } from '../process';
import { bold, dim } from '../terminal';

export interface StackSummary {
  readonly stack: string;
  /** The stack's outputs. */
  readonly outputs: Readonly<Record<string, string>>;
  /** How many resources of each type it contains, without data sources. */
  readonly resources: Readonly<Record<string, number>>;
}

const outputsSchema = z.record(z.string(), z.object({ value: z.string() }));

/**
 * @param shellOf the environment variables of an environment, pointing to the local cloud.
 * @returns Terraform's data about the environments: their outputs, and the resources in their states.
 */
export function summarize(
  environments: readonly EnvironmentName[],
  shellOf: (name: EnvironmentName) => Shell,
): Promise<readonly StackSummary[]> {
  return Promise.all(
    environments.map(async (name) => {
      const { stack } = namesOf(name);
      const shell = shellOf(name);
      const [outputs, addresses] = await Promise.all([
        runTerraform(stack, ['output', '-json'], { shell }),
        runTerraform(stack, ['state', 'list'], { shell }),
      ]);
      return {
        stack,
        outputs: Object.fromEntries(
          Object.entries(outputsSchema.parse(JSON.parse(outputs.stdout))).map(([key, { value }]) => [
            key,
            value,
          ]),
        ),
        resources: countTypes(addresses.stdout),
      };
    }),
  );
}

function countTypes(addresses: string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const address of addresses.split('\n')) {
    const [type] = address.split('.');
    if (type === undefined || type === '' || type === 'data') continue;
    counts[type] = (counts[type] ?? 0) + 1;
  }
  return counts;
}

/** @returns the summary as text for a person. @param verbose whether each type of resource has a line. */
export function summaryLines(summary: readonly StackSummary[], verbose: boolean): readonly string[] {
  return summary.flatMap(({ stack, outputs, resources }) => {
    const types = Object.entries(resources);
    const total = types.reduce((sum, [, count]) => sum + count, 0);
    const width = Math.max(...Object.keys(outputs).map((name) => name.length));
    return [
      bold(stack),
      ...Object.entries(outputs).map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
      dim(`  ${total} resources${verbose ? '' : ' (--verbose lists them)'}`),
      ...(verbose ? types.map(([type, count]) => dim(`  ${String(count).padStart(4)} ${type}`)) : []),
    ];
  });
}
