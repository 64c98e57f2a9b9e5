import type { Project } from '../support/project';

/** One deploy with a changed table. */
export interface Step {
  /** The settings that it changes, as the name of the test prints them. */
  readonly knobs: string;
  /** The differences from config/environments.ts after the step. All other values are those of the file. */
  readonly changes: Readonly<Record<string, unknown>>;
}

/**
 * Changes settings of the table one step after the other, with Terraform on the synthesized stack. The local
 * cloud refuses what AWS refuses, so a step that would fail halfway on AWS fails here.
 */
export function describeKnobs(project: Project, stack: string, steps: readonly Step[]): void {
  it.each(steps)('$knobs: is applied, and the second plan has no changes', async ({ changes }) => {
    await project.apply(stack, { changes });
    expect(await project.planned(stack, { changes })).toEqual([]);
  });
}
