import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from './reading';
import { DockerPatterns, patternsIn } from './docker-patterns';
import { ignoredByGit } from './git';
import { isCopied, mayCopyBelow, type Recipe } from './recipe';

/** Decides which files of a folder belong to a build context. Paths are relative to the folder, with slashes. */
export interface AdmissionRules {
  admitsFile(path: string): boolean;
  /** False if nothing below the folder can be included, so that it need not be read. */
  mayAdmitBelow(path: string): boolean;
}

/** Files that a backend without a `.dockerignore` would not want in the image of its own recipe. */
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
 * Never staged, whatever a `.dockerignore` says. The application would read an `.env` next to it, with its secrets. The
 * ignore file has been applied already; in the context it would be applied again, to the overlay too.
 */
const never = ['**/.git', '**/.env', '**/.env.*', '**/.envrc', '.dockerignore'];

/**
 * Files that Python, tests, desktops and editors create next to the source. They differ between machines and are not
 * source. https://github.com/github/gitignore/tree/main/Global
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
 * @returns the rules of the folder's `.dockerignore`, and those for files that are never source.
 */
export function admissionRules(folder: string): AdmissionRules {
  return withoutLeavings(dockerRules(folder, []));
}

/**
 * @returns what a recipe takes from a backend: the project's recipe takes what it copies, the backend's own recipe what
 * the `.dockerignore` includes. Neither takes files that Git ignores.
 * @throws if Git cannot read the checkout.
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
