import { operationsCloud } from '../support/shared-cloud';
import { describeKeptStarted } from './kept-started';
import { describeKnobs } from './knobs';
import { describeOtherDeploys } from './other-deploys';
import { describeRights } from './rights';

// One environment, in a fixed order: later tests change what earlier tests have checked.
const project = operationsCloud.project('dev');

beforeAll(async () => {
  await operationsCloud.filled();
  await project.deployAsJobOf('dev');
});

describe('kairos-dev, just deployed', () => {
  describeRights();
});

describe('every setting of kairos-dev, changed and restored', () => {
  describeKnobs(project, 'kairos-dev', [
    {
      knobs: 'memory, time-outs, throttles, retention and level of logs',
      changes: {
        'environments.dev.function.memory': 512,
        'environments.dev.function.timeout': 10,
        'environments.dev.function.logLevel': 'DEBUG',
        'environments.dev.gateway.timeout': 29,
        'environments.dev.gateway.throttlingRateLimit': 100,
        'environments.dev.gateway.throttlingBurstLimit': 200,
        'environments.dev.logRetention': 30,
      },
    },
    {
      knobs: 'CORS on, settings, revision of the secrets, lifespan; all others restored',
      changes: {
        'environments.dev.gateway.cors': {
          allowOrigins: ['https://findkairos.com'],
          allowMethods: ['GET'],
          allowHeaders: ['authorization'],
          allowCredentials: true,
          maxAge: 600,
        },
        'environments.dev.mail.port': 2525,
        'environments.dev.corsOrigins': ['https://findkairos.com'],
        'environments.dev.secretsRevision': 2,
        'environments.dev.function.lifespan': 'invocation',
        'environments.dev.function.lifespanStartLimit': 3,
      },
    },
    {
      knobs: 'reserved and provisioned concurrency on; CORS off',
      changes: {
        'environments.dev.function.reservedConcurrency': 5,
        'environments.dev.function.provisionedConcurrency': 1,
      },
    },
    {
      knobs: 'reserved and provisioned concurrency changed',
      changes: {
        'environments.dev.function.reservedConcurrency': 6,
        'environments.dev.function.provisionedConcurrency': 2,
      },
    },
    { knobs: 'reserved and provisioned concurrency off', changes: {} },
  ]);
});

describe('environments of the function of kairos-dev that are kept started', () => {
  describeKeptStarted(project);
});

describe('kairos-dev, deployed in other ways', () => {
  describeOtherDeploys(project);
});
