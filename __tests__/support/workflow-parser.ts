import { build } from 'esbuild';
import { join } from 'node:path';
import { z } from 'zod';

const errorsSchema = z.array(z.object({ message: z.string() }));

/** @returns the errors that GitHub's own parser finds in a workflow. */
export type Parse = (name: string, content: string) => Promise<readonly string[]>;

const entry = `
  import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
  export async function parse(name, content) {
    const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
    if (value !== undefined) await convertWorkflowTemplate(context, value, undefined, { errorPolicy: 1 });
    return context.errors.getErrors().map(({ message }) => ({ message }));
  }
`;

/**
 * Bundles GitHub's parser, whose published form neither Node 20 nor jest can load.
 * @param folder for the bundle.
 */
export async function loadWorkflowParser(root: string, folder: string): Promise<Parse> {
  const outfile = join(folder, 'workflow-parser.cjs');
  await build({
    stdin: { contents: entry, resolveDir: root, loader: 'js' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  });
  const { parse } = (await import(outfile)) as { parse: (name: string, content: string) => Promise<unknown> };
  return async (name, content) => {
    const errors = errorsSchema.parse(await parse(name, content)).map(({ message }) => message);
    return [...new Set(errors)];
  };
}
