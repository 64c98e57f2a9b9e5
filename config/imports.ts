import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors';
import { environmentNames, foundationStackName, namesOf } from './names';

/** An existing AWS resource that a stack imports instead of creating it. */
export interface Import {
  /** The resource's address in the stack. */
  readonly to: string;
  /** The id that the provider imports it by. */
  readonly id: string;
}

/** The imports of each stack, by the stack's name. */
export type Imports = Readonly<Record<string, readonly Import[]>>;

/** The folder next to main.ts. `kairos migrate plan` writes it, and it is reviewed like a change of the table. */
export const importsFolder = 'imports';

/** The context with which the folder is not read: for the command that writes it, whatever is in it. */
export const withoutImports = 'withoutImports';

const ending = '.tf.json';

/** Stays in the folder if the command that writes the files is killed before it has written all of them. */
export const incompleteMark = 'INCOMPLETE';

/** The JSON form of Terraform's `import` blocks: https://developer.hashicorp.com/terraform/language/v1.11.x/import */
const fileSchema = z.strictObject({
  import: z.array(z.strictObject({ to: z.string().min(1), id: z.string().min(1) })),
});

const importing: readonly string[] = [
  foundationStackName,
  ...environmentNames.map((name) => namesOf(name).stack),
];

/** @returns the name of the file with the imports of a stack. */
export function importFileOf(stack: string): string {
  return `${stack}${ending}`;
}

/** @returns the text of the file. */
export function importFileText(imports: readonly Import[]): string {
  return `${JSON.stringify({ import: imports }, undefined, 2)}\n`;
}

/**
 * @param folder with one file per stack; it may be missing.
 * @throws UserError if files may be missing, or if a file belongs to no stack, is invalid, or would import a secret's
 * value into a state.
 */
export function readImports(folder: string): Imports {
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder);
  if (names.includes(incompleteMark)) throw incomplete(folder);
  const files = names.filter((name) => name.endsWith(ending));
  return Object.fromEntries(files.map((name) => [stackOf(name), readFile(join(folder, name))]));
}

/** A stack whose file is missing would create a second API or repository instead of importing the existing one. */
function incomplete(folder: string): UserError {
  return new UserError(
    `${join(folder, incompleteMark)} exists, so not every file of the folder was written; npx kairos migrate plan <cloudformation-stack> writes them all and removes it`,
  );
}

function stackOf(name: string): string {
  const stack = name.slice(0, -ending.length);
  if (importing.includes(stack)) return stack;
  throw new UserError(
    `${importsFolder}/${name} belongs to no stack; the files are ${importing.map(importFileOf).join(', ')}`,
  );
}

function readFile(file: string): readonly Import[] {
  const { data, error } = fileSchema.safeParse(parsed(file));
  if (data === undefined) {
    const where = error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
    throw new UserError(
      `${file} contains no valid imports (${where.join('; ')}); npx kairos migrate plan writes such a file`,
    );
  }
  const secret = data.import.find(({ to }) => to.startsWith('aws_ssm_parameter.'));
  if (secret === undefined) return data.import;
  throw new UserError(
    `${file} imports ${secret.to}, whose value would then be in the state; remove it: npx kairos secrets set writes the value`,
  );
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError(`${file} is not JSON: ${error.message}`, { cause: error });
  }
}
