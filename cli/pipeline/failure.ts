import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Shell } from '../process';
import { stackFolder } from '../project';

/** An error as Terraform prints it. */
interface Diagnostic {
  /** The text after `Error:`. */
  readonly title: string;
  /** The lines below, without borders. An indented line is about the source. */
  readonly lines: readonly string[];
}

/**
 * Says why a plan failed, where everybody can read it. Messages of Terraform and AWS contain values, and no schema
 * marks every secret as sensitive, so no message is passed on unchanged. Of each error it prints the title up to the
 * first possible value, the address, the names of the AWS operation and error or of the denied action, and this
 * project's own messages.
 * @param output the standard output of `cdktf plan`, without colour.
 * @param ownWords the messages of the stack's own conditions.
 * @returns one line for each error.
 */
export function reasonsIn(output: string, stack: string, ownWords: readonly string[]): readonly string[] {
  // cdktf prints each error twice: as a log line, and next to the name of the stack.
  return [...new Set(diagnosticsIn(output, stack).map((diagnostic) => reasonOf(diagnostic, ownWords)))];
}

/** cdktf's prefix of a log line. */
const logMark = /^\[[^\]]+\] \[[A-Z]+\] \S+ - /;

/** Terraform draws a box in a terminal, but not without colour. */
const border = /^[╷│╵] ?/;

function diagnosticsIn(output: string, stack: string): readonly Diagnostic[] {
  const name = `${stack}  `;
  const found: { title: string; lines: string[] }[] = [];
  let isError = false;
  for (const printed of output.split('\n')) {
    const isNamed = printed.startsWith(name) || printed.slice(0, name.length).trim() === '';
    const framed = (isNamed ? printed.slice(name.length) : printed.replace(logMark, '')).trimEnd();
    const line = framed.replace(border, '');
    const [, kind, title] = /^(Error|Warning): (.+)$/.exec(line) ?? [];
    if (title !== undefined) {
      isError = kind === 'Error';
      if (isError) found.push({ title, lines: [] });
      continue;
    }
    // The next message of Terraform or cdktf does not belong to the error.
    if (framed.startsWith('╵') || printed.startsWith(name) || logMark.test(printed)) isError = false;
    if (isError) found.at(-1)?.lines.push(line);
  }
  return found;
}

function reasonOf({ title, lines }: Diagnostic, ownWords: readonly string[]): string {
  const text = spaced([title, ...lines].join(' '));
  // Indented lines quote the source and its values.
  const detail = spaced(lines.filter((line) => !line.startsWith(' ')).join(' '));
  const own = ownWords.find((message) => literalsOf(message).every((literal) => detail.includes(literal)));
  const parts = [addressIn(lines), plainTitle(title), answerIn(text), own && literalsOf(own).join(' … ')];
  return parts.filter((part) => part !== undefined && part !== '').join(': ');
}

function addressIn(lines: readonly string[]): string | undefined {
  const found = lines
    .map((line) =>
      /^ {2}(?:with (\S+),|on \S+ line \d+, in (?:resource\.)?((?:data\.)?[\w-]+\.[\w-]+)\S*:)$/.exec(line),
    )
    .find((match) => match !== null);
  return found?.[1] ?? found?.[2];
}

/** A word that cannot be a value. A quote, a bracket, a colon or a digit may begin a value. */
const plainWord = /^(?:[A-Za-z][A-Za-z_'/-]*|S3|Route53|WAFv2|v2)$/;

function plainTitle(title: string): string {
  const words = title.split(' ');
  const end = words.findIndex((word) => !plainWord.test(word));
  if (end < 0) return title;
  const last = words[end]?.replace(/[:,]$/, '') ?? '';
  return [...words.slice(0, end), ...(plainWord.test(last) ? [last] : [])].join(' ');
}

/** @returns AWS's answer: which action is denied, or which operation failed with which error. */
function answerIn(text: string): string | undefined {
  const denied = /not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)/.exec(text)?.[1];
  if (denied !== undefined) return `${denied} is denied`;
  const [, service, operation] = /operation error ([A-Za-z0-9 ]+): ([A-Za-z0-9]+),/.exec(text) ?? [];
  const error = /StatusCode: \d+, RequestID: [^,]*,(?: HostID: [^,]*,)? (?:api error )?([A-Za-z]+)/.exec(
    text,
  );
  if (service === undefined || operation === undefined) return undefined;
  return `${service} ${operation} answered ${error?.[1] ?? 'nothing'}`;
}

const conditionsSchema = z.array(z.object({ error_message: z.string() }).loose()).default([]);
const stackSchema = z.object({
  resource: z
    .record(
      z.string(),
      z.record(
        z.string(),
        z
          .object({
            lifecycle: z
              .object({ precondition: conditionsSchema, postcondition: conditionsSchema })
              .loose()
              .optional(),
          })
          .loose(),
      ),
    )
    .default({}),
});

/** @returns the messages of the conditions in a synthesized stack. */
export function ownWordsOf(stack: string, shell: Shell): readonly string[] {
  const { resource } = stackSchema.parse(
    JSON.parse(readFileSync(join(stackFolder(stack, shell), 'cdk.tf.json'), 'utf8')),
  );
  return Object.values(resource)
    .flatMap((named) => Object.values(named))
    .flatMap(({ lifecycle }) => [...(lifecycle?.precondition ?? []), ...(lifecycle?.postcondition ?? [])])
    .map(({ error_message }) => error_message);
}

/** The text of a message before the first and after the last value that Terraform inserts. */
function literalsOf(message: string): readonly string[] {
  const [begin, end] = [message.indexOf('${'), message.lastIndexOf('}')];
  const parts = begin < 0 ? [message] : [message.slice(0, begin), message.slice(end + 1)];
  return parts.map(spaced).filter((part) => part !== '');
}

function spaced(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
