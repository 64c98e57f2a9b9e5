import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Shell } from '../process';
import { stackFolder } from '../project';

/** An error as Terraform prints it. */
interface Diagnostic {
  /** What stands behind `Error:`. */
  readonly title: string;
  /** What stands below, without borders; an indented line is about the source. */
  readonly lines: readonly string[];
}

/**
 * Says why a plan failed, where everybody can read it. Words of Terraform and of AWS repeat values, and no schema calls
 * each secret sensitive, so nothing is passed on as it stands: of each error the title up to what may be a value, the
 * address, the names of AWS's operation and error or of the action that is denied, and the project's own words.
 * @param output what `cdktf plan` printed on standard output, without colour.
 * @param ownWords the messages of the stack's own conditions.
 * @returns one line for each error.
 */
export function reasonsIn(output: string, stack: string, ownWords: readonly string[]): readonly string[] {
  // cdktf prints each error twice: as its own log, and beside the name of the stack.
  return [...new Set(diagnosticsIn(output, stack).map((diagnostic) => reasonOf(diagnostic, ownWords)))];
}

/** cdktf's mark of a log line. */
const logMark = /^\[[^\]]+\] \[[A-Z]+\] \S+ - /;

/** Terraform draws a box in a terminal, and none without colour. */
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
    // What Terraform or cdktf prints next is no part of it.
    if (framed.startsWith('╵') || printed.startsWith(name) || logMark.test(printed)) isError = false;
    if (isError) found.at(-1)?.lines.push(line);
  }
  return found;
}

function reasonOf({ title, lines }: Diagnostic, ownWords: readonly string[]): string {
  const text = spaced([title, ...lines].join(' '));
  // What is indented quotes the source and its values.
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

/** A word that is in no value's place: a quote, a bracket, a colon or a digit may begin a value. */
const plainWord = /^(?:[A-Za-z][A-Za-z_'/-]*|S3|Route53|WAFv2|v2)$/;

function plainTitle(title: string): string {
  const words = title.split(' ');
  const end = words.findIndex((word) => !plainWord.test(word));
  if (end < 0) return title;
  const last = words[end]?.replace(/[:,]$/, '') ?? '';
  return [...words.slice(0, end), ...(plainWord.test(last) ? [last] : [])].join(' ');
}

/** @returns what AWS answered: which action is denied, or which operation got which error. */
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

/** @returns the messages of the conditions in a stack that was synthesized, as they stand there. */
export function ownWordsOf(stack: string, shell: Shell): readonly string[] {
  const { resource } = stackSchema.parse(
    JSON.parse(readFileSync(join(stackFolder(stack, shell), 'cdk.tf.json'), 'utf8')),
  );
  return Object.values(resource)
    .flatMap((named) => Object.values(named))
    .flatMap(({ lifecycle }) => [...(lifecycle?.precondition ?? []), ...(lifecycle?.postcondition ?? [])])
    .map(({ error_message }) => error_message);
}

/** What a message says before the first and behind the last value that Terraform puts into it. */
function literalsOf(message: string): readonly string[] {
  const [begin, end] = [message.indexOf('${'), message.lastIndexOf('}')];
  const parts = begin < 0 ? [message] : [message.slice(0, begin), message.slice(end + 1)];
  return parts.map(spaced).filter((part) => part !== '');
}

function spaced(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
