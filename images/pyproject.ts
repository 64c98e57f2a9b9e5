import { isUtf8 } from 'node:buffer';
import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { UserError } from '../errors';

/**
 * https://packaging.python.org/en/latest/specifications/pyproject-toml/. A version contains only these characters:
 * https://packaging.python.org/en/latest/specifications/version-specifiers/
 */
const version = z.string().regex(/^[\w.+!-]+$/);
const pyprojectSchema = z.object({ project: z.object({ version: z.unknown() }) });

/**
 * @param path the file, as it is named in error messages.
 * @returns the version of a backend. @throws UserError if its pyproject.toml has no readable version.
 */
export function versionIn(path: string, content: Buffer): string {
  const found = pyprojectSchema.safeParse(parseToml(path, textOf(path, content))).data?.project.version;
  const named = version.safeParse(found);
  if (named.success) return named.data;
  throw new UserError(`${path} ${faultOf(found)}; give one as version = "1.2.3" below [project]`);
}

function faultOf(found: unknown): string {
  if (found === undefined) return 'names no version';
  if (typeof found !== 'string') return 'names a version that is not a string in quotes';
  return `names ${JSON.stringify(found)}, which is not a version`;
}

/** Python reads TOML as UTF-8 without a byte order mark, and would fail in the middle of a build otherwise. */
function textOf(path: string, content: Buffer): string {
  const text = content.toString('utf8');
  if (!isUtf8(content) || text.startsWith('\uFEFF')) {
    throw new UserError(`${path} is not plain UTF-8; save it as such, without a byte order mark`);
  }
  return text;
}

function parseToml(path: string, text: string): unknown {
  try {
    // Integers have no maximum in Python.
    return parse(text, { integersAsBigInt: 'asNeeded' });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new UserError(`${path} is not TOML, line ${error.line}: ${error.message.split('\n')[0] ?? ''}`, {
      cause: error,
    });
  }
}
