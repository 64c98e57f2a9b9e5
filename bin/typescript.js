const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { dirname, join, relative, resolve, sep } = require('node:path');

const { addHook } = installed('pirates');
const { version } = installed('sucrase/package.json');

// `node -r ./bin/typescript file.ts` loads TypeScript like `sucrase/register`, and caches the result for each file. A
// command, a synth and a test start many times between two changes of a file, and loading sucrase alone takes longer
// than the whole of `kairos --version` (docs/decisions/0017).
const root = resolve(__dirname, '..');
const kept = join(root, '.kairos', 'typescript');

/** Every command starts here, even in a checkout in which nobody has run `npm ci`. */
function installed(name) {
  try {
    return require(name);
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    console.error(`error: the packages of the project are not installed (there is no ${name}); next: npm ci`);
    process.exit(1);
  }
}

/** @returns the JavaScript of a file, from the cache if its text and the version of sucrase are the same. */
function loaded(text, file) {
  const path = relative(root, file);
  if (path.startsWith(`..${sep}`)) return transpiled(text, file);
  const seal = `\n// sucrase ${version}, ${createHash('sha256').update(text).digest('hex')}\n`;
  const place = `${join(kept, path)}.js`;
  const earlier = readIfThere(place);
  if (earlier?.endsWith(seal)) return earlier;
  const code = transpiled(text, file) + seal;
  keep(place, code);
  return code;
}

function transpiled(text, file) {
  // Required here, because a start without changes does not need it.
  const { transform } = require('sucrase');
  const transforms = ['imports', 'typescript'];
  return transform(text, { transforms, disableESTransforms: true, filePath: file }).code;
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    // The folder does not exist, or belongs to another user.
    if (['ENOENT', 'EACCES', 'EPERM'].includes(error.code)) return undefined;
    throw error;
  }
}

/** Another process may read or write the same file now. It finds a complete file or none. */
function keep(file, code) {
  const begun = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(begun, code);
    renameSync(begun, file);
  } catch (error) {
    // It also works if the folder is read-only, full, or was deleted meanwhile. Then each start takes longer.
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOENT'].includes(error.code)) throw error;
  }
}

addHook(loaded, { exts: ['.ts'] });
