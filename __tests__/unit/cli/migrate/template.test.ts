import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { retainedIn } from '../../../../cli/migrate/template';

const guide = readFileSync(join(resolve(__dirname, '../../..'), 'fixtures', 'deployment-guide.yaml'), 'utf8');

it("finds no resource that outlives the guide's stack", () => {
  expect([...retainedIn(guide)]).toEqual([]);
});

it("finds resources that outlive a stack, with CloudFormation's tags and in JSON", () => {
  const changed = guide.replace('  ApiGateway:\n', '  ApiGateway:\n    DeletionPolicy: Retain\n');
  expect([...retainedIn(changed)]).toEqual(['ApiGateway']);
  const json = {
    Resources: { A: { DeletionPolicy: 'RetainExceptOnCreate' }, B: { DeletionPolicy: 'Delete' } },
  };
  expect([...retainedIn(JSON.stringify(json))]).toEqual(['A']);
});
