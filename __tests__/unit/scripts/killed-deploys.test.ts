import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { resolve } from 'node:path';
import { faultsIn } from '../../../config/schema';
import { markOf, readAsked } from '../../../scripts/killed-deploys/asked';
import { differing } from '../../../scripts/killed-deploys/census';
import { underWay } from '../../../scripts/killed-deploys/progress';
import { HoldingProxy } from '../../../scripts/killed-deploys/proxy';
import { changedTable, triedEnvironments } from '../../../scripts/killed-deploys/scene';
import { spread } from '../../../scripts/killed-deploys/spread';
import { tableOf } from '../../support/table-of';

describe('the arguments of a script', () => {
  it('are for dev unless the first one is an environment', () => {
    expect(readAsked(['first'])).toEqual({ environment: 'dev', words: ['first'] });
    expect(readAsked(['prod', 'first'])).toEqual({ environment: 'prod', words: ['first'] });
    expect(readAsked([])).toEqual({ environment: 'dev', words: [] });
  });

  it('select a separate table for each environment', () => {
    expect([markOf('lost', 'dev'), markOf('lost', 'prod')]).toEqual(['lost', 'lost-prod']);
  });
});

describe('the points of a deploy', () => {
  it('are spread over all of its calls', () => {
    expect(spread(60, 3)).toEqual([10, 30, 50]);
  });
});

describe('the update', () => {
  const table = readFileSync(resolve(__dirname, '../../../config/environments.ts'), 'utf8');

  it.each(triedEnvironments)('changes only the row of %s', (environment) => {
    const parts = (text: string) => text.split(/^const (?=\w+: Environment)/m);
    const [before, after] = [parts(table), parts(changedTable(table, environment))];
    const changed = after.filter((row, at) => row !== before[at]);
    expect(changed).toHaveLength(1);
    expect(changed[0]).toMatch(new RegExp(`^${environment}:[^]*memory: 512`));
  });

  it.each(triedEnvironments)('gives a table of %s that a synth accepts', (environment) => {
    expect(faultsIn(tableOf(changedTable(table, environment)))).toEqual([]);
  });

  it('reports a fault in the text as a fault of the table', () => {
    const wrong = changedTable(table, 'dev').replace('memory: 512', 'memory: 1');
    expect(faultsIn(tableOf(wrong))).toMatchObject([{ path: 'environments.dev.function.memory' }]);
  });

  it('fails if the table does not contain the text to change', () => {
    expect(() => changedTable('', 'dev')).toThrow('the table has no');
  });
});

describe('the comparison with a deploy that was not killed', () => {
  it('lists resources that are missing, and that exist twice', () => {
    expect(differing(['API a', 'role b'], ['API a', 'API a'])).toEqual(['too much: API a', 'lost: role b']);
  });

  it('is empty if both have the same resources, in any order', () => {
    expect(differing(['a', 'b', 'b'], ['b', 'a', 'b'])).toEqual([]);
  });
});

describe('the resources that Terraform was working on', () => {
  const line = (type: string, addr: string) =>
    JSON.stringify({ type, hook: { resource: { addr, resource_type: addr.split('.')[0] } } });
  const begun = [line('apply_start', 'aws_iam_role.A'), line('apply_start', 'aws_sns_topic.B')];

  it('are those that have begun and not ended', () => {
    const ended = line('apply_complete', 'aws_iam_role.A');
    expect(underWay([...begun, ended].join('\n'))).toBe('aws_sns_topic');
  });

  it('are read from incomplete output', () => {
    expect(underWay([...begun, '{"type":"apply_com'].join('\n'))).toBe('aws_iam_role, aws_sns_topic');
  });

  it('are the plan before the first one begins, and the state after the last one ends', () => {
    expect(underWay('{"type":"version"}')).toBe('the plan');
    const ended = [line('apply_complete', 'aws_iam_role.A'), line('apply_errored', 'aws_sns_topic.B')];
    expect(underWay([...begun, ...ended].join('\n'))).toBe('the state');
  });
});

describe('the proxy that delays a response', () => {
  let target: Server;
  let [address, asked] = ['', 0];
  beforeAll(async () => {
    target = createServer((_, outgoing) => {
      asked += 1;
      outgoing.end('done');
    });
    await new Promise<void>((done) => target.listen(0, '127.0.0.1', done));
    const bound = target.address();
    address = typeof bound === 'object' && bound !== null ? `http://127.0.0.1:${bound.port}` : '';
  });
  afterAll(() => target.close());

  it('passes on the calls before it, and lets AWS process the delayed one', async () => {
    const proxy = await HoldingProxy.start(address, 2);
    expect(await (await fetch(proxy.address)).text()).toBe('done');
    expect(proxy.isHolding).toBe(false);
    const gone = new AbortController();
    const held = fetch(proxy.address, { signal: gone.signal });
    const seen = jest.fn();
    held.then(seen, () => undefined);
    while (!proxy.isHolding) await new Promise(setImmediate);
    await proxy.idle();
    expect({ asked, answered: proxy.answered }).toEqual({ asked: 2, answered: 2 });
    expect(seen).not.toHaveBeenCalled();
    gone.abort();
    await expect(held).rejects.toThrow();
    await proxy.stop();
  });
});
