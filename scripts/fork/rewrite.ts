import ts from 'typescript';
import { UserError } from '../../errors';

/** The fork's replacement for each package: https://github.com/open-constructs/cdk-terrain */
const fork = {
  cdktn: '0.24.0',
  'cdktn-cli': '0.24.0',
  '@cdktn/provider-aws': '25.7.0',
  constructs: '10.6.0',
} as const;

/** `cdktf` → `cdktn`, and so on. The docker binding has no successor and remains. */
const renamed: readonly (readonly [from: string, to: string])[] = [
  ['cdktf-cli', 'cdktn-cli'],
  ['@cdktf/provider-aws', '@cdktn/provider-aws'],
  ['cdktf', 'cdktn'],
];

/** @returns the name of a module in the fork. @param specifier in an import. */
function inFork(specifier: string): string {
  const found = renamed.find(([from]) => specifier === from || specifier.startsWith(`${from}/`));
  return found === undefined ? specifier : found[1] + specifier.slice(found[0].length);
}

/**
 * Renames the modules that a file imports, resolves or reads in a manifest, and nothing else: comments and other
 * strings are not changed.
 * @param path of the file, for the compiler.
 * @param text of the file.
 * @returns the text for the fork.
 */
export function rewriteSource(path: string, text: string): string {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const edits: { readonly start: number; readonly end: number; readonly name: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) && namesModule(node)) {
      const name = inFork(node.text);
      if (name !== node.text) edits.push({ start: node.getStart() + 1, end: node.getEnd() - 1, name });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return edits.reduceRight(
    (kept, { start, end, name }) => kept.slice(0, start) + name + kept.slice(end),
    text,
  );
}

/** `import … from`, `export … from`, `import()`, `require()`, `require.resolve()`, and `dependencies[…]` of a manifest. */
function namesModule({ parent }: ts.StringLiteral): boolean {
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent)) return true;
  if (ts.isElementAccessExpression(parent)) return /\bdependencies$/.test(parent.expression.getText());
  return (
    ts.isCallExpression(parent) &&
    (parent.expression.kind === ts.SyntaxKind.ImportKeyword ||
      ['require', 'require.resolve'].includes(parent.expression.getText()))
  );
}

/** Other differences of the fork: a text in one file, and its replacement. */
const changes: readonly { readonly path: string; readonly from: string; readonly to: string }[] = [
  {
    // It refuses write-only arguments unless the oldest Terraform version is set; its default is 1.5.7.
    path: 'stacks/kairos-stack.ts',
    from: 'super(scope, id);',
    to: "super(scope, id);\n    this.node.setContext('targetVersions', { terraform: terraformVersion });",
  },
  { path: 'cli/project.ts', from: "'bin',\n  'cdktf',", to: "'bin',\n  'cdktn.js'," },
];

/**
 * @returns the text with the fork's replacements for that file.
 * @throws UserError if a text to replace no longer exists.
 */
export function changeForFork(path: string, text: string): string {
  return changes
    .filter((change) => change.path === path)
    .reduce((kept, { from, to }) => {
      if (!kept.includes(from)) {
        throw new UserError(
          `${path} no longer has ${JSON.stringify(from)}; correct it in scripts/fork/rewrite.ts`,
        );
      }
      return kept.replace(from, to);
    }, text);
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * @param manifest package.json.
 * @returns it with the fork's packages. `cdktf` remains as an alias of the fork, because the docker binding needs it
 * and has no successor.
 */
export function rewriteManifest<T extends Manifest>(manifest: T): T & { readonly overrides: unknown } {
  const replaced = new Set([...renamed.map(([from]) => from), '@cdktf/node-pty-prebuilt-multiarch']);
  const kept = Object.entries(manifest.dependencies).filter(([name]) => !replaced.has(name));
  const cdktf = `npm:cdktn@${fork.cdktn}`;
  return {
    ...manifest,
    dependencies: { ...Object.fromEntries(kept), ...fork, cdktf },
    overrides: { '@cdktf/provider-docker': { constructs: fork.constructs, cdktf } },
  };
}
