const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { dirname, join, relative, resolve, sep } = require('node:path');

const { addHook } = installed('pirates');
const { version } = installed('sucrase/package.json');

// `node -r ./bin/typescript file.ts` loads TypeScript as `sucrase/register` does, and keeps what came of each file: a
// command, a synth and a test start many times between two changes of a file, and sucrase alone takes longer to load
// than the whole of `kairos --version` (docs/decisions/0017).
const root = resolve(__dirname, '..');
const kept = join(root, '.kairos', 'typescript');

/** Every command begins here, also that of a checkout in which nobody has run `npm ci`. */
function installed(name) {
  try {
    return require(name);
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    console.error(`error: the packages of the project are not installed (there is no ${name}); next: npm ci`);
    process.exit(1);
  }
}

/** @returns what a file becomes, from an earlier start where its text and sucrase are still the same. */
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
  // Required here, because a start in which nothing has changed needs none of it.
  const { transform } = require('sucrase');
  const transforms = ['imports', 'typescript'];
  return transform(text, { transforms, disableESTransforms: true, filePath: file }).code;
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    // There is none, or somebody else keeps theirs here.
    if (['ENOENT', 'EACCES', 'EPERM'].includes(error.code)) return undefined;
    throw error;
  }
}

/** Another process may read or write the same file now: it meets a whole one, or none. */
function keep(file, code) {
  const begun = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(begun, code);
    renameSync(begun, file);
  } catch (error) {
    // Who may not write here, has no room left, or lost the folder meanwhile works as well: each start only takes longer.
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOENT'].includes(error.code)) throw error;
  }
}

addHook(loaded, { exts: ['.ts'] });
