import { EnvironmentKey } from '../../../../constructs/foundation/environment-key';
import { SecretParameters } from '../../../../constructs/foundation/secret-parameters';
import { Template } from '../../../support/template';

describe('the key of an environment', () => {
  const template = Template.from((scope) => {
    new EnvironmentKey(scope, 'Key', { alias: 'alias/kairos-prod', description: 'Secrets' });
  });

  it('is rotated and cannot be destroyed', () => {
    expect(template.resource('aws_kms_key')).toMatchObject({
      enable_key_rotation: true,
      deletion_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
  });

  it('is found by its alias', () => {
    const [id] = Object.keys(template.resources('aws_kms_key'));
    expect(template.resource('aws_kms_alias')).toMatchObject({
      name: 'alias/kairos-prod',
      target_key_id: `\${aws_kms_key.${id ?? ''}.key_id}`,
    });
  });
});

describe('secret parameters', () => {
  const template = Template.from((scope) => {
    new SecretParameters(scope, 'Secrets', {
      path: '/kairos/prod/secrets/',
      names: ['SECRET_KEY', 'MONGO_HOST'],
      keyId: 'alias/kairos-prod',
      placeholder: 'unset',
    });
  });
  const secrets = template.resources('aws_ssm_parameter');

  it('are one for each name, below the path', () => {
    expect(new Set(Object.values(secrets).map(({ name }) => name))).toEqual(
      new Set(['/kairos/prod/secrets/SECRET_KEY', '/kairos/prod/secrets/MONGO_HOST']),
    );
  });

  it.each(Object.entries(secrets))('%s is write-only: the state contains no value', (_, secret) => {
    expect(secret).toMatchObject({ type: 'SecureString', value_wo: 'unset', value_wo_version: 1 });
    expect(Object.keys(secret)).not.toContain('value');
  });

  it.each(Object.entries(secrets))('%s ignores every change that would send a value', (_, secret) => {
    expect(secret.lifecycle).toEqual({
      prevent_destroy: true,
      ignore_changes: ['description', 'tier', 'key_id', 'allowed_pattern', 'data_type', 'value_wo_version'],
    });
  });
});
