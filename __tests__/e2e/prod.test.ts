import { e2eCloud } from '../support/shared-cloud';
import { describeAlarms, describeDashboard } from './alarms';
import { describeBrowser } from './browser';
import { describeEdge } from './edge';
import { describeHttp } from './http';
import { describeReported } from './reported';
import { describeSecrets } from './secrets';

// One environment, in a fixed order: later tests change what earlier tests have checked.
const project = e2eCloud.project('prod');

beforeAll(async () => {
  await e2eCloud.filled();
  await project.deployAsJobOf('prod', 'foundation');
});

describe('kairos-prod, just deployed', () => {
  describeReported(project);
});

describe('the secrets of kairos-prod', () => {
  describeSecrets(project);
});

describe('kairos-prod, with its alarms triggered by metrics', () => {
  describeAlarms(project, 'prod');
});

describe('the dashboard of kairos-prod', () => {
  describeDashboard(project, 'prod');
});

describe('the edge of kairos-prod', () => {
  describeEdge(project);
});

describe('kairos-prod, by HTTP', () => {
  describeHttp(project);
});

describe('kairos-prod, in a browser', () => {
  describeBrowser(project);
});
