import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { dotOf } from '../../../scripts/diagram/dot';
import { readGraph } from '../../../scripts/diagram/graph';

const root = resolve(__dirname, '../../..');
const at = (path: string) => ({ '//': { metadata: { path } } });
const template = {
  resource: {
    aws_lambda_function: { Backend: at('stack/Backend/Default') },
    aws_lambda_alias: {
      Backend_Alias: { ...at('stack/Backend/Alias'), function_name: '${aws_lambda_function.Backend.name}' },
    },
    aws_lambda_permission: { P: { ...at('stack/Routes/P'), name: '${aws_lambda_alias.Backend_Alias.name}' } },
  },
};

describe('the graph of a stack', () => {
  it('contains the references, and does not confuse addresses with the same beginning', () => {
    const two = {
      resource: { aws_lambda_alias: { A: at('s/A'), AB: { ...at('s/B'), x: '${aws_lambda_alias.AB2.id}' } } },
    };
    expect(readGraph(two).map(({ references }) => references)).toEqual([[], []]);
    expect(readGraph(template).find(({ path }) => path === 'Backend/Alias')?.references).toEqual([
      'aws_lambda_function.Backend',
    ]);
  });
});

describe('the drawing', () => {
  it('has a box for each resource type in each construct, and an arrow for each reference', () => {
    const dot = dotOf('stack', readGraph(template));
    expect(dot).toContain('"Backend aws_lambda_alias" -> "Backend aws_lambda_function"');
    expect(dot).not.toContain('aws_lambda_permission');
  });

  it('in the documents is up to date', () => {
    const script = ['-r', './bin/typescript', 'scripts/diagram/index.ts', '--check'];
    const { status, stderr } = spawnSync(process.execPath, script, { cwd: root, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
