import { operationsCloud } from '../support/shared-cloud';
import { describeUnderAttack, describeUnderLoad } from './edge-life';

// One environment, in a fixed order: later tests change what earlier tests have checked.
const project = operationsCloud.project('prod');

beforeAll(async () => {
  await operationsCloud.filled();
  await project.deployAsJobOf('prod', 'foundation');
});

describe('kairos-prod, under attack', () => {
  describeUnderAttack(project);
});

describe('kairos-prod, changed while clients send requests', () => {
  describeUnderLoad(project);
});
