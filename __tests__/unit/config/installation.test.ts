import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { refuseForeignTerminal } from '../../../config/installation';

const root = join(__dirname, '../../..');
const library = '@cdktf/node-pty-prebuilt-multiarch';

/** A project whose packages are symbolic links into a store, as with pnpm. */
let project = '';
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'installation-'));
});
afterEach(() => {
  rmSync(project, { recursive: true });
});

function store(name: string, dependencies: Readonly<Record<string, string>>, description = {}): string {
  const folder = join(project, 'node_modules', '.pnpm', name.replace('/', '+'), 'node_modules');
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, 'package.json'), JSON.stringify({ name, ...description }));
  for (const [dependency, place] of Object.entries(dependencies)) link(join(folder, dependency), place);
  return join(folder, name);
}

function link(path: string, place: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(place, path);
}

function install(loaded: string): void {
  const core = store('@cdktf/cli-core', { [library]: loaded });
  link(join(project, 'node_modules', 'cdktf-cli'), store('cdktf-cli', { '@cdktf/cli-core': core }));
  // The project itself always loads the project's own library.
  link(join(project, 'node_modules', library), join(root, 'packages', 'node-pty'));
}

describe('the library with which cdktf runs Terraform', () => {
  it("is the project's own if npm installed it", () => {
    refuseForeignTerminal(root);
  });

  it('is refused if cdktf has another one, as with pnpm', () => {
    install(store(library, {}, { version: '0.10.2', dependencies: { 'prebuild-install': '1' } }));
    expect(() => {
      refuseForeignTerminal(project);
    }).toThrow(/reports success for a killed Terraform; install with npm .*pnpm\.overrides/);
  });

  it("is the project's own if it was overridden", () => {
    install(join(root, 'packages', 'node-pty'));
    refuseForeignTerminal(project);
  });

  it('is not checked if there is none, as in the fork', () => {
    refuseForeignTerminal(project);
  });
});
