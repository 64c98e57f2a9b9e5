import { join } from 'node:path';

export interface ActionsProps {
  /** The project whose TypeScript signs in. */
  readonly root: string;
  /** The folder of the artifacts. */
  readonly artifacts: string;
  /** The folder of repositories other than the project's, by `owner/name`. */
  readonly repositories: string;
}

/**
 * @returns the replacement for each third-party action, by its name: tools that are installed already, a folder instead
 * of GitHub's artifacts, a folder with its repositories, and for AWS's action the same call with a token that the local
 * cloud accepts as GitHub's.
 */
export function actions({ root, artifacts, repositories }: ActionsProps): Readonly<Record<string, string>> {
  const signIn = `node -r ${join(root, 'bin', 'typescript')} ${join(root, 'scripts', 'workflows', 'sign-in.ts')}`;
  return {
    // act copies the project itself. This is called for another repository.
    'actions/checkout': composite(
      ['repository', 'ref', 'path'],
      `git clone -q "${repositories}/$REPOSITORY" "$PATH_INPUT" && git -C "$PATH_INPUT" checkout -q "$REF"`,
    ),
    'actions/setup-node': composite([]),
    'actions/setup-python': composite([]),
    'hashicorp/setup-terraform': composite([]),
    'aws-actions/configure-aws-credentials': composite(
      ['role-to-assume', 'aws-region'],
      `${signIn} "$ROLE_TO_ASSUME"`,
    ),
    'actions/upload-artifact': composite(
      ['name', 'path'],
      `if [ -e "$PATH_INPUT" ]; then mkdir -p "${artifacts}/$NAME" && cp "$PATH_INPUT" "${artifacts}/$NAME/"; fi`,
    ),
    'actions/download-artifact': composite(
      ['pattern', 'path'],
      `mkdir -p "$PATH_INPUT" && for each in "${artifacts}"/$PATTERN; do cp "$each"/* "$PATH_INPUT/"; done`,
    ),
  };
}

function composite(inputs: readonly string[], run = 'true'): string {
  const variable = (name: string) =>
    name === 'path' ? 'PATH_INPUT' : name.toUpperCase().replaceAll('-', '_');
  const action = {
    name: 'a replacement',
    description: 'replaces a third-party action',
    inputs: Object.fromEntries(inputs.map((name) => [name, { description: name, required: false }])),
    runs: {
      using: 'composite',
      steps: [
        {
          shell: 'bash',
          run,
          env: Object.fromEntries(inputs.map((name) => [variable(name), `\${{ inputs.${name} }}`])),
        },
      ],
    },
  };
  return JSON.stringify(action, undefined, 2);
}
