import { readAdoption } from '../../../../cli/recover/adopt';
import { doubtAbout } from '../../../../cli/recover/lock';
import { addressesRead } from '../../../../cli/recover/probe';
import { parseRecoverable } from '../../../../cli/recover/target';
import { readPlanned } from '../../../../cli/recover/wanted';

describe('the missing resources of a plan', () => {
  const configuration = {
    provider_config: {
      aws: { expressions: { region: { constant_value: 'eu-west-2' } } },
      'aws.us-east-1': { expressions: { region: { constant_value: 'us-east-1' } } },
    },
    root_module: {
      resources: [
        {
          address: 'aws_a.New',
          provider_config_key: 'aws.us-east-1',
          expressions: {
            name: { constant_value: 'x' },
            parent: { references: ['aws_b.Other-1.arn', 'aws_b.Other-1'] },
            block: [{ inner: { references: ['aws_c.Z.id'] } }],
          },
        },
      ],
    },
  };
  const change = (address: string, actions: readonly string[], mode = 'managed') => ({
    address,
    mode,
    type: address.split('.')[0],
    change: { actions, after: { name: 'x' } },
  });
  const read = (...changes: readonly ReturnType<typeof change>[]) =>
    readPlanned(JSON.stringify({ resource_changes: changes, configuration }));

  it('are those that it would create, with their regions and references', () => {
    expect(read(change('aws_a.New', ['create'])).missing).toEqual([
      {
        address: 'aws_a.New',
        type: 'aws_a',
        region: 'us-east-1',
        provider: 'aws.us-east-1',
        values: { name: 'x' },
        references: { parent: { address: 'aws_b.Other-1', attribute: 'arn' } },
      },
    ]);
  });

  it.each([
    ['would be replaced', change('aws_a.New', ['delete', 'create'])],
    ['would be changed', change('aws_a.New', ['update'])],
    ['would only be read', change('aws_a.New', ['create'], 'data')],
  ])('do not include a resource that %s', (_, each) => {
    expect(read(each).missing).toEqual([]);
  });
});

describe('the result of a read', () => {
  const line = (value: unknown) => `${JSON.stringify(value)}\n`;
  const refreshed = (addr: string, id_value?: string) =>
    line({ type: 'refresh_complete', hook: { resource: { addr }, id_value } });
  const failed = (summary: string) =>
    line({ type: 'diagnostic', diagnostic: { severity: 'error', summary, detail: '' } });

  it('is found if it has an id', () => {
    const output = refreshed('aws_a.There', 'x') + refreshed('aws_a.Absent');
    expect([...addressesRead(output)]).toEqual(['aws_a.There']);
  });

  it('is not found if the provider could not find it', () => {
    expect([...addressesRead(failed("couldn't find resource"))]).toEqual([]);
  });

  it('is unknown if AWS denied it', () => {
    const output = refreshed('aws_a.There', 'x') + failed('reading IAM Role: StatusCode: 403, AccessDenied');
    expect(() => addressesRead(output)).toThrow(/reading IAM Role.*403/s);
  });

  it.each([
    'reading IAM Role: https response error StatusCode: 0, RequestID: , request send failed: connection refused',
    'reading IAM Role: https response error StatusCode: 503, RequestID: 1, api error ServiceUnavailable: x',
    'reading IAM Role: https response error StatusCode: 429, RequestID: 1, api error TooManyRequestsException: x',
    'reading IAM Role: https response error StatusCode: 400, RequestID: 1, api error ExpiredTokenException: x',
  ])('is unknown if AWS did not respond: %s', (summary) => {
    expect(() => addressesRead(failed(summary))).toThrow(/reading IAM Role.*StatusCode/s);
  });
});

describe('an import', () => {
  const plan = (...changes: readonly (readonly [string, readonly string[], boolean])[]) =>
    JSON.stringify({
      resource_changes: changes.map(([address, actions, isImport]) => ({
        address,
        mode: 'managed',
        type: 'aws_a',
        change: { actions, importing: isImport ? { id: 'x' } : undefined },
      })),
    });

  it('reports what is imported, changed and created', () => {
    const text = plan(['a.A', ['no-op'], true], ['a.B', ['update'], true], ['a.C', ['create'], false]);
    expect(readAdoption(text)).toEqual({ imported: ['a.A'], corrected: ['a.B'], created: ['a.C'] });
  });

  it('is refused if a resource would be replaced', () => {
    const text = plan(['a.A', ['no-op'], true], ['a.B', ['delete', 'create'], true]);
    expect(() => readAdoption(text)).toThrow(/nothing was imported.*would have to replace these: a\.B/);
  });
});

describe('a lock', () => {
  const lock = { id: '1', who: 'ann@desk', operation: 'OperationTypeApply', since: new Date(0) };

  it('is dead if its run was on this machine and no Terraform runs', () => {
    expect(doubtAbout(lock, 'desk', [])).toBeUndefined();
  });

  it('may be alive if a Terraform runs on this machine', () => {
    expect(doubtAbout(lock, 'desk', [42])).toContain('42');
  });

  it('may be alive on another machine', () => {
    expect(doubtAbout(lock, 'other', [])).toContain('desk');
  });
});

describe('the name of the environment to recover', () => {
  it.each(['dev', 'staging', 'prod', 'foundation', 'foundation-staging'])('can be %s', (name) => {
    expect(parseRecoverable(name)).toBe(name);
  });

  it('cannot be another name', () => {
    expect(() => parseRecoverable('production')).toThrow('dev, staging, prod, foundation');
  });
});
