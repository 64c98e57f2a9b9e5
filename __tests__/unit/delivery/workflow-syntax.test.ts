import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadWorkflowParser, type Parse } from '../../support/workflow-parser';

const root = resolve(__dirname, '../../..');
const folder = join(root, '.github', 'workflows');
const scratch = mkdtempSync(join(tmpdir(), 'workflow-parser-'));

describe("GitHub's own parser", () => {
  let parse: Parse;

  beforeAll(async () => {
    parse = await loadWorkflowParser(root, scratch);
  });

  afterAll(() => {
    rmSync(scratch, { recursive: true });
  });

  it.each(readdirSync(folder))('finds nothing wrong in %s', async (file) => {
    expect(await parse(file, readFileSync(join(folder, file), 'utf8'))).toEqual([]);
  });

  it('finds nothing wrong in the example for the backend', async () => {
    const file = join(root, 'examples', 'github', 'deploy_backend.yml');
    expect(await parse('deploy_backend.yml', readFileSync(file, 'utf8'))).toEqual([]);
  });

  it.each([
    ['an unknown permission', 'permissions: { content: read }', /content/],
    ['a job that needs one that does not exist', 'needs: nobody', /no dependencies/],
    ['an invalid expression', "if: ${{ github.event_name = 'push' }}", /expression|symbol/i],
  ])('works: it finds %s', async (_, line, words) => {
    const text = `on: push\njobs:\n  one:\n    runs-on: ubuntu-24.04\n    ${line}\n    steps: [{ run: 'true' }]\n`;
    expect((await parse('broken.yml', text)).join('\n')).toMatch(words);
  });
});
