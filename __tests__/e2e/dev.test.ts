import { e2eCloud } from '../support/shared-cloud';
import { describeDaily } from './daily';
import { describeLife } from './life';

const project = e2eCloud.project('dev');

beforeAll(async () => {
  await e2eCloud.filled();
  await project.deployAsJobOf('dev');
});

describe('kairos-dev, just deployed', () => {
  describeDaily(project);
});

describe('kairos-dev, through its life', () => {
  describeLife(project);
});
