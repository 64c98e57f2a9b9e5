import { type Fault, shown } from './fault';
import { secretsIn } from './secret-shapes';

/**
 * @param table any value, such as the whole table of config/environments.ts.
 * @returns the texts that must not be in the table in any place, because the table is in Git, in the plan and in the
 * state, and Terraform reads it.
 */
export function textFaultsIn(table: unknown): readonly Fault[] {
  return textsOf(table, []).flatMap(({ path, text }) => {
    const right = rightIn(text);
    return right === undefined ? [] : [{ path, found: shown(text), right }];
  });
}

function rightIn(text: string): string | undefined {
  if (secretsIn(text).length > 0) {
    return 'no secret: revoke it where it was issued, and set the new one with: npx kairos secrets set';
  }
  return /[$%]\{/.test(text)
    ? 'a text without ${ and %{, which Terraform would evaluate as a template'
    : undefined;
}

interface Written {
  readonly path: string;
  readonly text: string;
}

/**
 * @param above the objects that contain the value. Without it, an object that contains itself would cause an endless
 * loop.
 */
function textsOf(value: unknown, above: readonly unknown[], path = ''): readonly Written[] {
  if (typeof value === 'string') return [{ path: path === '' ? 'the table' : path, text: value }];
  if (typeof value !== 'object' || value === null || above.includes(value)) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    textsOf(member, [...above, value], path === '' ? key : `${path}.${key}`),
  );
}
