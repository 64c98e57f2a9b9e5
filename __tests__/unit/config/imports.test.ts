import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importFileOf, importFileText, readImports } from '../../../config/imports';
import { application } from '../../../main';
import { stacksOf } from '../../../policies/policy';
import { TerraformStack } from 'cdktf';
import { Template } from '../../support/template';

const api = { to: 'aws_apigatewayv2_api.Api', id: '7zpmbpgf7d' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kairos-imports-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const write = (stack: string, text: string) => {
  writeFileSync(join(folder, importFileOf(stack)), text);
};

it('reads the imports of each stack', () => {
  write('kairos-prod', importFileText([api]));
  expect(readImports(folder)).toEqual({ 'kairos-prod': [api] });
});

it('reads nothing if there is no folder', () => {
  expect(readImports(join(folder, 'none'))).toEqual({});
});

it.each([
  [
    'that belongs to no stack',
    'kairos-nothing',
    importFileText([api]),
    /imports\/kairos-nothing\.tf\.json belongs to no stack/,
  ],
  ['that is not JSON', 'kairos-prod', '{', /is not JSON/],
  [
    'with other content',
    'kairos-prod',
    '{"import": [], "resource": {}}',
    /contains no valid imports .*resource/,
  ],
  [
    'with a secret',
    'kairos-foundation',
    importFileText([{ to: 'aws_ssm_parameter.Secrets', id: '/kairos/prod/secrets/SECRET_KEY' }]),
    /aws_ssm_parameter\.Secrets, whose value would then be in the state/,
  ],
])('refuses a file %s', (_, stack, text, message) => {
  write(stack, text);
  expect(() => readImports(folder)).toThrow(message);
});

it("adds imports only to their own stack, next to the stack's own imports", () => {
  const repository = { to: 'aws_ecr_repository.Images', id: 'kairos' };
  const app = application(undefined, { 'kairos-prod': [api], 'kairos-foundation': [repository] });
  const imports = Object.fromEntries(
    stacksOf(app)
      .filter((stack) => stack instanceof TerraformStack)
      .map((stack) => [stack.node.id, Template.of(stack).imports]),
  );
  expect(imports['kairos-prod']).toEqual([api]);
  expect(imports['kairos-dev']).toEqual([]);
  expect(imports['kairos-foundation']).toContainEqual(repository);
  expect(imports['kairos-foundation']).toHaveLength(5);
});
