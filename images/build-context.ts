import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../errors';
import { admissionRules, backendRules } from './admission-rules';
import { type ContextFile, readTree } from './context-files';
import { convertedByGit } from './git';
import { attempt } from './reading';
import { versionIn } from './pyproject';
import { overlayFolder, type Recipe } from './recipe';

/** A platform that both Docker and Lambda support. */
export type Platform = 'linux/amd64' | 'linux/arm64';

export interface BuildContextOptions {
  /** The backend's checkout. */
  readonly source: string;
  /** The folder that is added as `kairos_image/`. The backend's recipe does not use it. */
  readonly overlay: string;
  /** The platform that the image is built for. */
  readonly platform: Platform;
  /** The reference of the base image. @default - the one that the Dockerfile pins */
  readonly baseImage?: string;
  /** @default 'project' */
  readonly recipe?: Recipe;
  /** Additional build arguments, by name. @default - none */
  readonly buildArguments?: Readonly<Record<string, string>>;
  /** The maximum size of all files together, in bytes. @default 33554432 (32 MiB) */
  readonly maximumBytes?: number;
}

/** The content of an image, read once, so that what is staged is what the tag was calculated from. */
export interface BuildContext {
  /** `src-` and 32 hexadecimal digits: the same for the same content on every machine, at every path. */
  readonly tag: string;
  /** The absolute path of the backend's checkout. */
  readonly source: string;
  /** The backend's version in `pyproject.toml`. */
  readonly version: string;
  /** The platform that the image is built for. */
  readonly platform: Platform;
  /** The path of the Dockerfile in the context. */
  readonly dockerfile: string;
  /** All build arguments. `BASE_IMAGE` is the base image, if it is not the pinned one. */
  readonly buildArguments: Readonly<Record<string, string>>;
  /** Every file, sorted by path. */
  readonly files: readonly ContextFile[];
  /** Writes the files into a folder, and removes everything else from it. */
  stage(folder: string): void;
}

const defaultMaximumBytes = 32 * 1024 * 1024;
const required = ['pyproject.toml', 'poetry.lock', 'kairos/main.py'] as const;

/**
 * Reads the sources of the backend's image.
 *
 * @throws if the folder is missing or not a backend, if a file cannot be read or is outside of the checkout, and if all
 * files together are too large.
 */
export function readBuildContext(options: BuildContextOptions): BuildContext {
  const { platform, recipe = 'project' } = options;
  const source = resolve(options.source);
  refuseMissing(source);
  if (recipe === 'project') refuseOverlaid(source);
  const dockerfile = recipe === 'project' ? `${overlayFolder}/Dockerfile` : 'Dockerfile';
  const files = [
    ...asCommitted(source, readTree(source, backendRules(source, recipe))),
    ...(recipe === 'project' ? readOverlay(options.overlay) : []),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  refuseUnlikeBackend(source, files, dockerfile);
  refuseAlike(source, files);
  refuseTooLarge(source, files, options.maximumBytes ?? defaultMaximumBytes);
  const { baseImage } = options;
  const buildArguments = {
    ...(baseImage === undefined ? {} : { BASE_IMAGE: baseImage }),
    ...options.buildArguments,
  };
  return {
    tag: contentTag({ platform, dockerfile, buildArguments, files }),
    source,
    version: versionIn(
      join(source, 'pyproject.toml'),
      files.find(({ path }) => path === 'pyproject.toml')?.content ?? Buffer.of(),
    ),
    platform,
    dockerfile,
    buildArguments,
    files,
    stage: (folder) => {
      stage(files, resolve(folder));
    },
  };
}

/** Everything that the content tag of an image depends on. */
export interface TaggedContent {
  readonly platform: Platform;
  readonly dockerfile: string;
  readonly buildArguments: Readonly<Record<string, string>>;
  readonly files: readonly ContextFile[];
}

/** @returns the content tag. It does not depend on the order of files and arguments. */
export function contentTag({ platform, dockerfile, buildArguments, files }: TaggedContent): string {
  const byKey = (a: readonly unknown[], b: readonly unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);
  const described = [
    platform,
    dockerfile,
    Object.entries(buildArguments).sort(byKey),
    files.map((file) => [file.path, file.executable, sha256(file.content)] as const).sort(byKey),
  ];
  return `src-${sha256(JSON.stringify(described)).slice(0, 32)}`;
}

function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The same source has the same bytes on every machine, even if Git converts line endings to those of Windows. */
function asCommitted(source: string, files: readonly ContextFile[]): readonly ContextFile[] {
  if (!files.some(({ content }) => content.includes('\r\n'))) return files;
  const converted = convertedByGit(source);
  return files.map((file) =>
    converted.has(file.path)
      ? { ...file, content: Buffer.from(file.content.toString('latin1').replaceAll('\r\n', '\n'), 'latin1') }
      : file,
  );
}

function readOverlay(overlay: string): ContextFile[] {
  const folder = resolve(overlay);
  return readTree(folder, admissionRules(folder)).map((file) => ({
    ...file,
    path: `${overlayFolder}/${file.path}`,
  }));
}

function refuseMissing(source: string): void {
  if (!existsSync(source)) {
    throw new UserError(`there is no folder ${source} to build the backend from; ${howToSet}`);
  }
  if (!attempt(source, () => statSync(source)).isDirectory()) {
    throw new UserError(`${source} is not a folder to build the backend from; ${howToSet}`);
  }
}

function refuseOverlaid(source: string): void {
  if (existsSync(join(source, overlayFolder))) {
    throw new UserError(
      `${join(source, overlayFolder)} has the name of the folder that the image's recipe adds; give it another name, ` +
        "or build with the backend's own Dockerfile (image.recipe: 'backend' in config/)",
    );
  }
}

const howToSet =
  "name the backend's checkout by KAIROS_BACKEND_PATH=<path>, or by context.backendPath in cdktf.json";

/** A user with another kind of backend must learn what is expected, not only what is missing. */
const whatItHas =
  'kairos/main.py with handler = Mangum(app), a [project] version in pyproject.toml, and a poetry.lock of format 2.1, ' +
  'which Poetry 2.1 or newer writes by: poetry lock';

function refuseUnlikeBackend(source: string, files: readonly ContextFile[], dockerfile: string): void {
  const admitted = new Set(files.map((file) => file.path));
  const faults = [...required, dockerfile]
    .filter((path) => !admitted.has(path))
    .map((path) => `${path} ${whyAbsent(join(source, path))}`);
  if (faults.length > 0) {
    throw new UserError(
      `${source} is not a checkout of the backend: ${faults.join(', ')}; it has to have ${whatItHas}; ${howToSet}`,
    );
  }
}

function whyAbsent(path: string): string {
  const found = attempt(path, () => statSync(path, { throwIfNoEntry: false }));
  if (found === undefined) return 'is missing';
  return found.isDirectory() ? 'is a folder' : 'is left out by its .dockerignore or .gitignore';
}

/** A Mac and Windows ignore case in names, and a Mac ignores how Unicode composes a letter. */
function refuseAlike(source: string, files: readonly ContextFile[]): void {
  const seen = new Map<string, string>();
  for (const { path } of files) {
    const parts = path.split('/');
    for (const name of parts.map((_, at) => parts.slice(0, at + 1).join('/'))) {
      const folded = name.normalize().toLowerCase();
      const other = seen.get(folded) ?? name;
      seen.set(folded, other);
      if (other === name) continue;
      throw new UserError(
        `${source} has ${other} and ${name}, which are the same name on a Mac or on Windows; the same source would result in ` +
          'different images: rename one of them',
      );
    }
  }
}

function refuseTooLarge(source: string, files: readonly ContextFile[], maximumBytes: number): void {
  const total = files.reduce((sum, file) => sum + file.content.length, 0);
  if (total <= maximumBytes) {
    return;
  }
  const largest = [...files]
    .sort((a, b) => b.content.length - a.content.length)
    .slice(0, 3)
    .map((file) => `${file.path} (${file.content.length} bytes)`);
  throw new UserError(
    `the build context of ${source} weighs ${total} bytes, more than the ${maximumBytes} allowed; ` +
      `the largest files are ${largest.join(', ')}; leave out in its .dockerignore what the image does not need`,
  );
}

function stage(files: readonly ContextFile[], folder: string): void {
  // Written under another name and renamed, so that an interrupted run leaves no partial context under the final name.
  const beside = `${folder}.${process.pid}`;
  rmSync(beside, { recursive: true, force: true });
  for (const file of files) {
    const path = join(beside, file.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.content, { mode: file.executable ? 0o755 : 0o644 });
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(beside, folder);
}
