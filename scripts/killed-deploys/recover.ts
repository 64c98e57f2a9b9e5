import { z } from 'zod';
import type { Scene } from './scene';

const recoverySchema = z.object({
  lock: z.unknown().optional(),
  state: z.object({ restored: z.boolean() }).optional(),
  found: z.array(z.object({ address: z.string() })),
  imported: z.boolean(),
  left: z.array(z.object({ address: z.string(), reason: z.string() })),
});

/** Runs `recover`, and agrees to everything. @returns what it did, and its message if it failed. */
export async function recover(
  scene: Scene,
): Promise<{ readonly recovered: string; readonly failure: string }> {
  const { code, stdout, output } = await scene.kairos('recover', scene.cloud.environment, '--yes', '--json');
  if (code !== 0) return { recovered: 'FAILED', failure: output };
  const { lock, state, found, imported, left } = recoverySchema.parse(JSON.parse(stdout));
  const types = [...new Set(found.map(({ address }) => address.split('.')[0] ?? ''))].sort();
  const did = [
    ...(lock === undefined ? [] : ['released the lock']),
    ...(state?.restored === true ? ['restored the state'] : []),
    ...(imported ? [`imported ${types.join(', ')}`] : []),
    ...left.map(({ address }) => `left out ${address}`),
  ];
  return { recovered: did.join('; ') || 'nothing', failure: '' };
}
