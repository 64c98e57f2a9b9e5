import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from './reading';
import { DockerPatterns, patternsIn } from './docker-patterns';
import { ignoredByGit } from './git';
import { isCopied, mayCopyBelow, type Recipe } from './recipe';

/** Decides what of a folder belongs into a build context. Paths are relative to it, with slashes. */
export interface AdmissionRules {
  admitsFile(path: string): boolean;
  /** False when nothing below the folder can be admitted, so that it need not be read. */
  mayAdmitBelow(path: string): boolean;
}

/** What a backend without a `.dockerignore` would not want in an image of its own recipe. */
const defaults = [
  '**/.venv',
  '**/venv',
  '**/node_modules',
  '**/tests',
  '**/test',
  '**/*.log',
  '.github',
  'build',
  'dist',
];

/**
 * Never staged, whatever a `.dockerignore` says. The application would read an `.env` beside it, secrets
 * and all. The ignore file itself has done its work by then; in the context it would be applied again,
 * to the overlay too.
 */
const never = ['**/.git', '**/.env', '**/.env.*', '**/.envrc', '.dockerignore'];

/**
 * What Python, tests, desktops and editors leave beside the source: it differs from machine to machine and is
 * no source. https://github.com/github/gitignore/tree/main/Global
 */
const leavings = [
  '**/__pycache__',
  '**/*.py[co]',
  '**/.*_cache',
  '**/*.egg-info',
  '**/.coverage',
  '**/.coverage.*',
  '**/htmlcov',
  '**/.ipynb_checkpoints',
  '**/.hypothesis',
  '**/.tox',
  '**/.nox',
  '**/.direnv',
  '**/.DS_Store',
  '**/.AppleDouble',
  '**/._*',
  '**/Thumbs.db',
  '**/ehthumbs.db',
  '**/[Dd]esktop.ini',
  '**/.directory',
  '**/.LSOverride',
  '**/Icon[\r]',
  '**/.Spotlight-V100',
  '**/.Trashes',
  '**/.fseventsd',
  '**/.TemporaryItems',
  '**/[$]RECYCLE.BIN',
  '**/*.lnk',
  '**/.Trash-*',
  '**/.fuse_hidden*',
  '**/.nfs*',
  '**/.idea',
  '**/.vscode',
  '**/.vs',
  '**/.fleet',
  '**/.zed',
  '**/.cursor',
  '**/.claude',
  '**/.aider*',
  '**/*~',
  '**/.*.sw[a-p]',
  '**/.*.kate-swp',
  '**/*.save',
  '**/*.orig',
  '**/*.rej',
  '**/nohup.out',
  '**/.#*',
  '**/#*#',
];

/**
 * @param folder the backend's checkout, or the overlay.
 * @returns the rules of the folder's `.dockerignore`, less what is no source on any machine.
 */
export function admissionRules(folder: string): AdmissionRules {
  return withoutLeavings(dockerRules(folder, []));
}

/**
 * @returns what a recipe takes of a backend: the project's what it copies, the backend's own what the
 * `.dockerignore` admits; neither takes what Git ignores.
 * @throws when Git cannot read the checkout.
 */
export function backendRules(source: string, recipe: Recipe): AdmissionRules {
  const ignored = ignoredByGit(source);
  const ignoredFiles = new Set(ignored);
  const ignoredFolders = ignored.filter((path) => path.endsWith('/'));
  const isIgnored = (path: string) =>
    ignoredFiles.has(path) || ignoredFolders.some((folder) => `${path}/`.startsWith(folder));
  const docker = withoutLeavings(dockerRules(source, recipe === 'project' ? [] : defaults));
  const copies = recipe === 'project' ? isCopied : () => true;
  const copiesBelow = recipe === 'project' ? mayCopyBelow : () => true;
  return {
    admitsFile: (path) => copies(path) && !isIgnored(path) && docker.admitsFile(path),
    mayAdmitBelow: (path) => copiesBelow(path) && !isIgnored(path) && docker.mayAdmitBelow(path),
  };
}

function withoutLeavings(rules: AdmissionRules): AdmissionRules {
  const forbidden = new DockerPatterns([...never, ...leavings]);
  return {
    admitsFile: (path) => !forbidden.ignores(path) && rules.admitsFile(path),
    mayAdmitBelow: (path) => !forbidden.ignores(path) && rules.mayAdmitBelow(path),
  };
}

function dockerRules(folder: string, otherwise: readonly string[]): AdmissionRules {
  const file = join(folder, '.dockerignore');
  const rules = new DockerPatterns(
    existsSync(file) ? patternsIn(attempt(file, () => readFileSync(file, 'utf8'))) : otherwise,
  );
  return {
    admitsFile: (path) => !rules.ignores(path),
    mayAdmitBelow: (path) => !rules.ignores(path) || rules.mayAdmitBelow(path),
  };
}
