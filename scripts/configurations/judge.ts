import { ConfigurationError, readConfiguration } from '../../config/read';
import type { Configuration } from '../../config/types';
import { application } from '../../main';
import { secretMark } from './values';
import type { Edit } from './wrong';

/** @returns a copy of a table with some errors in it. */
export function edited(table: Configuration, edits: readonly Edit[]): Configuration {
  const copy = clone(table) as Configuration;
  for (const { path, value } of edits) set(copy, path.split('.'), value);
  return copy;
}

function clone(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clone);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, clone(member)]));
}

function set(target: unknown, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (typeof target !== 'object' || target === null) throw new Error(`${key} cannot be set`);
  if (rest.length === 0) Reflect.set(target, key, value);
  else set(Reflect.get(target, key), rest, value);
}

/** @returns what is wrong with the result for a wrong table; undefined if nothing is. */
export function judgeFaults(table: Configuration, edits: readonly Edit[]): readonly string[] {
  const { message, faults } = refusal(table);
  const named = faults.map(({ path }) => path);
  const isAt = (path: string, edit: Edit) => path === edit.path || path.startsWith(`${edit.path}.`);
  const missing = edits.filter((edit) => !named.some((path) => isAt(path, edit)));
  const innocent = named.filter((path) => !edits.some((edit) => isAt(path, edit) || isRelated(path, edit)));
  return [
    ...missing.map(({ path, value }) => `${path} = ${String(value)} is not reported`),
    ...innocent.map((path) => `${path} is reported, but it is right`),
    ...named.filter((path) => !message.includes(path)).map((path) => `the message does not contain ${path}`),
    ...faults
      .filter(({ right }) => right === '')
      .map(({ path }) => `${path}: the message does not say what would be right`),
    ...(/\n\s+at /.test(message) ? [`the message contains a stack trace: ${message}`] : []),
    ...(message.includes(secretMark) ? [`the message contains a secret: ${message}`] : []),
  ];
}

function refusal(table: Configuration): Pick<ConfigurationError, 'message' | 'faults'> {
  try {
    readConfiguration({}, table);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  return { message: '', faults: [] };
}

/** Members that rules compare with each other. */
const related = [
  ['function.timeout', 'gateway.timeout', 'function.lifespanStartLimit'],
  ['gateway.throttlingRateLimit', 'gateway.throttlingBurstLimit'],
  [
    'accountConcurrency',
    'account',
    'function.reservedConcurrency',
    'function.provisionedConcurrency',
    'database.connectionLimit',
    'database.connectionsPerFunctionEnvironment',
  ],
  ['gateway.cors.allowOrigins', 'gateway.cors.allowCredentials'],
  ['github', 'repository'],
  ['edge.domain'],
  ['database.name'],
];

function isRelated(path: string, edit: Edit): boolean {
  return related.some((members) => {
    const holds = (at: string) =>
      members.some((member) => at === member || at.endsWith(`.${member}`) || at.includes(`.${member}.`));
    // If a part of the table is missing, so are its members.
    const takes = members.some((member) =>
      `environments.dev.${member}`.startsWith(edit.path.replace(/staging|prod/, 'dev')),
    );
    return holds(path) && (holds(edit.path) || takes);
  });
}

/** Synthesizes the stacks of a table, like `cdktf synth`. @throws any error of it. */
export function synthesizeTable(table: Configuration): void {
  application(table).synth();
}
