import { readFileSync, statSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import type { EnvironmentName, StoredSecretName } from '../../config/names';
import { UserError } from '../../errors';
import { isInteractive, tell } from '../terminal';
import { readDotenv } from './dotenv';

/** The source of the values. */
export interface Source {
  /** The path of a dotenv file; `-` is standard input. @default - a prompt, or standard input */
  readonly from?: string;
  /** Whether no name was given, so that the source may have any of the names. */
  readonly all: boolean;
}

/**
 * Reads values from a dotenv file, from a prompt, or from standard input, but never from arguments, which other users
 * can read.
 * @throws UserError if a source lacks a value, or cannot be read as the backend would read it.
 */
export async function readValues(
  environment: EnvironmentName,
  wanted: readonly StoredSecretName[],
  { from, all }: Source,
): Promise<ReadonlyMap<StoredSecretName, string>> {
  if (from === '-') return pick(await standardInput(), wanted, all, 'standard input');
  if (from !== undefined) {
    if (statSync(from).isDirectory()) throw new UserError(`${from} is a folder; name a dotenv file`);
    return pick(decoded(readFileSync(from), from), wanted, all, from);
  }
  if (isInteractive(process.env)) return prompt(environment, wanted);
  if (process.stdin.isTTY) {
    throw new UserError(
      'there is no terminal for a prompt; give --from <file>, or the value on standard input',
    );
  }
  const text = await standardInput();
  const [only] = wanted;
  if (wanted.length === 1 && only !== undefined) return new Map([[only, text.replace(/\r?\n$/, '')]]);
  return pick(text, wanted, all, 'standard input');
}

async function standardInput(): Promise<string> {
  return decoded(await buffer(process.stdin), 'standard input');
}

/** Node would replace bytes that are not UTF-8 with a question mark, which would become part of the secret. */
function decoded(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UserError(`nothing was written: ${source} is not UTF-8 text; save it as such`);
  }
}

function pick(
  text: string,
  wanted: readonly StoredSecretName[],
  all: boolean,
  source: string,
): ReadonlyMap<StoredSecretName, string> {
  const found = readDotenv(text, wanted, source);
  const missing = wanted.filter((name) => !found.has(name));
  if (found.size === 0 || (!all && missing.length > 0)) {
    throw new UserError(`${source} has no line for ${missing.join(', ')}; give NAME=value lines`);
  }
  if (missing.length > 0) tell(`unchanged, because ${source} does not name them: ${missing.join(', ')}`);
  return found;
}

async function prompt(
  environment: EnvironmentName,
  wanted: readonly StoredSecretName[],
): Promise<ReadonlyMap<StoredSecretName, string>> {
  const { isCancel, password } = await import('@clack/prompts');
  const values = new Map<StoredSecretName, string>();
  for (const name of wanted) {
    const value = await password({ message: `${name} of ${environment} (empty: unchanged)` });
    if (isCancel(value)) throw new UserError('stopped; nothing was written');
    if (value !== '') values.set(name, value);
  }
  if (values.size === 0) throw new UserError('no value was given; nothing was written');
  return values;
}
