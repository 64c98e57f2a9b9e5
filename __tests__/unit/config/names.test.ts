import * as fc from 'fast-check';
import { configuration } from '../../../config/environments';
import {
  environmentNames,
  namesOf,
  parseEnvironmentName,
  stateBucketName,
  stateOwners,
} from '../../../config/names';
import { settingsOf } from '../../../config/settings';

describe('names', () => {
  it('are the contract of a running environment', () => {
    expect(namesOf('prod')).toEqual({
      stack: 'kairos-prod',
      smokeRecord: 'kairos-prod.smoke.json',
      clientRecord: 'kairos-prod.client.json',
      function: 'kairos-prod',
      alias: 'live',
      api: 'kairos-prod',
      edge: 'kairos-prod',
      executionRole: 'kairos-prod-function',
      authorizerRole: 'kairos-prod-authorizer',
      boundary: 'kairos-prod-boundary',
      planRole: 'kairos-prod-plan',
      deployRole: 'kairos-prod-deploy',
      keyAlias: 'alias/kairos-prod',
      secretsPath: '/kairos/prod/secrets/',
      functionLogGroup: '/aws/lambda/kairos-prod',
      apiLogGroup: '/aws/vendedlogs/apigateway/kairos-prod',
      edgeLogGroup: '/aws/vendedlogs/cloudfront/kairos-prod',
    });
  });

  it('of two environments are never equal', () => {
    const named = environmentNames.flatMap((name) =>
      Object.entries(namesOf(name)).filter(([key]) => key !== 'alias'),
    );
    const byKind = named.map(([key, value]) => `${key} ${value}`);
    expect(new Set(byKind).size).toBe(byKind.length);
  });

  it('give each owner of a state a separate, valid bucket', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{12}$/), (account) => {
        const buckets = stateOwners.map((owner) => stateBucketName(account, owner));
        expect(new Set(buckets).size).toBe(stateOwners.length);
        for (const bucket of buckets) expect(bucket).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
      }),
    );
  });

  it.each(['production', 'Prod', '', 'prod '])(
    'refuse the environment "%s" and list the known ones',
    (text) => {
      expect(() => parseEnvironmentName(text)).toThrow('the environments are dev, staging, prod');
    },
  );
});

describe('settings', () => {
  it('are those that the backend reads', () => {
    expect(settingsOf(configuration.environments.prod)).toEqual({
      ENVIRONMENT: 'production',
      CORS_ORIGINS: '["https://findkairos.com","https://www.findkairos.com"]',
      MONGO_DB_NAME: 'kairos_prod',
      MAIL_USERNAME: 'resend',
      MAIL_FROM: 'send.findkairos.com',
      MAIL_PORT: '587',
      MAIL_SERVER: 'smtp.resend.com',
    });
  });

  it.each(environmentNames)(
    'of %s are never empty, because the backend would use its own default',
    (name) => {
      for (const value of Object.values(settingsOf(configuration.environments[name]))) {
        expect(value).not.toBe('');
      }
    },
  );
});
