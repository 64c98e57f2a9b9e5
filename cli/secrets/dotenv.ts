import { UserError } from '../../errors';

/** One line of a dotenv file, or several if its value has line breaks. */
interface Binding {
  /** The name; undefined for a comment and for an unreadable line. */
  readonly key?: string;
  /** The value; undefined if there is no `=`. */
  readonly value?: string;
  /** The quotes around the value. */
  readonly quote?: '"' | "'";
  /** The whole text. */
  readonly text: string;
  /** The number of its first line, from 1. */
  readonly line: number;
  /** Whether it follows the grammar. */
  readonly readable: boolean;
}

interface Fault {
  readonly line: number;
  readonly fault: string;
}

const blank = String.raw`[^\S\n]`;
const patterns = {
  space: /\s*/y,
  export: new RegExp(`(?:export${blank}+)?`, 'y'),
  key: /'([^']+)'|([^=#\s]+)/y,
  equals: new RegExp(`${blank}*=${blank}*`, 'y'),
  quoted: /'((?:\\[^]|[^'\\])*)'|"((?:\\[^]|[^"\\])*)"/y,
  rest: /[^\n]*/y,
  end: new RegExp(`${blank}*(?:#[^\n]*)?(?:\n|$)`, 'y'),
  restOfLine: /[^\n]*\n?/y,
};

/**
 * Reads a dotenv file like the backend: by the grammar of python-dotenv, which pydantic-settings uses
 * (https://github.com/theskumar/python-dotenv/blob/main/src/dotenv/parser.py). The parsers for Node cut an unquoted
 * value at every `#`. A line is refused if releases of python-dotenv read it differently, or if its value depends on
 * other variables.
 * @param text the file.
 * @param wanted the names to read.
 * @param source the name of the file for error messages.
 * @returns the values of the wanted names in the file.
 * @throws UserError that lists every invalid line, by name and without its value.
 */
export function readDotenv<Name extends string>(
  text: string,
  wanted: readonly Name[],
  source: string,
): ReadonlyMap<Name, string> {
  const values = new Map<Name, string>();
  const lines = new Map<Name, number>();
  const faults = [...invisibleIn(text), ...conflictsIn(text)];
  for (const binding of faults.length > 0 ? [] : bindingsIn(text.replaceAll(/\r\n?/g, '\n'))) {
    for (const name of wanted) {
      const fault = faultOf(binding, name, lines.get(name));
      if (fault !== undefined) faults.push({ line: binding.line, fault });
      if (binding.key !== name) continue;
      lines.set(name, binding.line);
      values.set(name, binding.value ?? '');
    }
  }
  if (faults.length > 0) {
    const listed = faults.map(({ line, fault }) => `${source}, line ${line}: ${fault}`);
    throw new UserError(`nothing was written: ${listed.join('\n  ')}`);
  }
  return values;
}

/** Python and JavaScript treat different characters as spaces and line endings. */
function invisibleIn(text: string): readonly Fault[] {
  return text.split(/\r\n?|\n/).flatMap((line, index) => {
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    const found = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ufeff]/.exec(line)?.[0];
    if (found === undefined) return [];
    const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return [
      {
        line: index + 1,
        fault: `it has the invisible character U+${code}; save the file as plain UTF-8 without it`,
      },
    ];
  });
}

/** If a merge conflict leaves two values, a reader takes the last. */
function conflictsIn(text: string): readonly Fault[] {
  return text
    .split(/\r\n?|\n/)
    .flatMap((line, index) =>
      /^(<{7}|>{7})( |$)/.test(line)
        ? [{ line: index + 1, fault: 'there is an unresolved merge conflict here; keep one side of it' }]
        : [],
    );
}

function faultOf(binding: Binding, name: string, before: number | undefined): string | undefined {
  const { key, value, quote, readable, text } = binding;
  const howToQuote = `write ${name}='…', or give the value alone on standard input`;
  if (key !== name) {
    if (key?.toUpperCase() === name) return `the backend reads ${key} as ${name}; write it in capitals`;
    const begins = `^\\s*(export\\s+)?['"]?${name}`;
    if (!readable && new RegExp(`${begins}\\b`, 'im').test(text)) {
      return `${name} has no "=", a quote that is not closed, or something behind it; ${howToQuote}`;
    }
    if (key !== undefined && new RegExp(`${begins}['"]?\\s*=`, 'im').test(text)) {
      return `a quote opens in the value of ${key} and closes after ${name}; close it in its own line`;
    }
    return undefined;
  }
  if (before !== undefined) return `${name} is in line ${before} already; keep one of them`;
  if (value === undefined) return `${name} has no "="; write ${name}=…`;
  if (value.includes('${'))
    return `${name} has "\${", which names a variable here; give the value alone on standard input`;
  if (quote !== undefined && text.includes('\\')) {
    return `${name} has a backslash between quotes, which changes the next character; give the value alone on standard input`;
  }
  if (quote === undefined && value.startsWith('#')) {
    return `${name} begins with "#", which is a comment to some readers; ${howToQuote}`;
  }
  return undefined;
}

function* bindingsIn(text: string): Generator<Binding> {
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match !== null) position = pattern.lastIndex;
    return match;
  };
  while (position < text.length) {
    take(patterns.space);
    const start = position;
    const line = text.slice(0, start).split('\n').length;
    const binding = readBinding(take, () => text[position]);
    if (binding === undefined) take(patterns.restOfLine);
    yield { ...binding, text: text.slice(start, position), line, readable: binding !== undefined };
  }
}

type Take = (pattern: RegExp) => RegExpExecArray | null;

/** @returns what was read up to the end of its line; undefined if it does not follow the grammar. */
function readBinding(
  take: Take,
  next: () => string | undefined,
): Pick<Binding, 'key' | 'value' | 'quote'> | undefined {
  take(patterns.export);
  const key = next() === '#' ? undefined : take(patterns.key);
  if (key === null) return next() === undefined ? {} : undefined;
  const name = key?.[1] ?? key?.[2];
  const equals = take(patterns.equals);
  if (equals === null) return take(patterns.end) === null ? undefined : { key: name };
  const quote = next();
  if (quote === "'" || quote === '"') {
    const value = take(patterns.quoted);
    if (value === null || take(patterns.end) === null) return undefined;
    return { key: name, value: value[1] ?? value[2], quote };
  }
  const rest = take(patterns.rest)?.[0] ?? '';
  take(patterns.end);
  return { key: name, value: rest.replace(/\s+#.*$/, '').trimEnd() };
}
