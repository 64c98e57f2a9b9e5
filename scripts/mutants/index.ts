import { reportUserErrors } from '../../errors';
import { sorted } from './paths';
import { mutatePython } from './python';
import { tryNamedMutants } from './trial';
import { mutateTypeScript } from './typescript';

/**
 * `[path …]`: what is mutated, by default everything in the configuration; `--named [words]`: the changes in named.ts.
 */
async function main(args: readonly string[]): Promise<number> {
  if (args[0] === '--named') return tryNamedMutants(args.slice(1).join(' '));
  const { typescript, python } = sorted(args);
  const codes = [
    typescript.length === 0 && args.length > 0 ? 0 : mutateTypeScript(typescript),
    python.length === 0 && args.length > 0 ? 0 : await mutatePython(python),
  ];
  return Math.max(...codes);
}

void main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    reportUserErrors(() => {
      throw error;
    });
  },
);
