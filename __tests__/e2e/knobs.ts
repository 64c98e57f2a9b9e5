import type { Project } from '../support/project';

/** One deploy: the whole table as the step leaves it. */
export interface Step {
  /** Which knobs it turns, as the list of tests prints them. */
  readonly knobs: string;
  /** What differs from config/environments.ts after it; what is not named is as the file says. */
  readonly changes: Readonly<Record<string, unknown>>;
}

/**
 * Turns knobs of the table one step after the other, by Terraform itself on the synthesized stack. The local cloud
 * refuses what AWS refuses, so that a step that AWS would stop half-way fails here.
 */
export function describeKnobs(project: Project, stack: string, steps: readonly Step[]): void {
  it.each(steps)('$knobs: applied, and a second plan has no changes', async ({ changes }) => {
    await project.apply(stack, { changes });
    expect(await project.planned(stack, { changes })).toEqual([]);
  });
}
