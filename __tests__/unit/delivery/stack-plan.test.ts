import { changesOf } from '../../../cli/pipeline/changes';
import { readPlan } from '../../../cli/pipeline/plan-json';
import { differences, readStackPlan, writtenPlan } from '../../../cli/pipeline/stack-plan';
import { planOf, type PlannedResource } from './planned';

const memory: PlannedResource = {
  address: 'aws_lambda_function.Backend',
  actions: ['update'],
  before: { memory_size: 256, version: '3' },
  after: { memory_size: 512 },
  after_unknown: { version: true },
};

function changes(...resources: readonly PlannedResource[]) {
  return changesOf(readPlan(planOf(...resources)));
}

describe('a new plan', () => {
  it('equals the reviewed one if it makes the same changes', () => {
    expect(differences(changes(memory), changes(memory))).toEqual([]);
  });

  it('equals the reviewed one after that was stored and read', () => {
    const text = writtenPlan({ stack: 'kairos-prod', commit: 'c', changes: changes(memory) });
    const { changes: read } = readStackPlan(text, 'a file');
    expect(read).toEqual(changes(memory));
  });

  it('equals the reviewed one even if code was released in between: the version is known only after the apply', () => {
    const later = { ...memory, before: { memory_size: 256, version: '4' } };
    expect(differences(changes(memory), changes(later))).toEqual([]);
  });

  it.each<readonly [string, readonly PlannedResource[], string]>([
    [
      'another value',
      [{ ...memory, after: { memory_size: 1024 } }],
      'memory_size changes from or to another value',
    ],
    [
      'a resource that somebody changed outside of Terraform',
      [{ ...memory, before: { memory_size: 300, version: '3' } }],
      'memory_size changes from or to another value',
    ],
    [
      'an additional attribute',
      [{ ...memory, before: { memory_size: 256, timeout: 5 }, after: { memory_size: 512, timeout: 6 } }],
      'timeout changes too',
    ],
    [
      'an additional resource',
      [memory, { address: 'a.b', actions: ['delete'], before: { x: 1 } }],
      'new: destroy a.b',
    ],
    ['a missing resource', [], 'no longer: update aws_lambda_function.Backend'],
    [
      'a replacement',
      [{ ...memory, actions: ['delete', 'create'] }],
      'aws_lambda_function.Backend: replace, and update was reviewed',
    ],
  ])('differs by %s', (_, again, words) => {
    expect(differences(changes(memory), changes(...again)).join('\n')).toContain(words);
  });

  it('is not read from a file without a plan', () => {
    expect(() => readStackPlan('{"stack":"kairos-prod"}', 'plans/kairos-prod.json')).toThrow(
      'plans/kairos-prod.json contains no plan of a stack',
    );
  });
});
