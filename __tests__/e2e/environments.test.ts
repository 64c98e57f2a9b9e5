import { Project } from '../support/project';
import { describeBrowser } from './browser';
import { describeLife } from './dev';
import { describeEdge, describeEdgeSwitch } from './edge';
import { describeHttp } from './http';
import { describeProd } from './prod';

// One cloud, told in order: a later chapter changes what an earlier one has looked at.
const project = new Project('environments');

describe('kairos-prod, just deployed', () => {
  describeProd(project);
});

describe('the edge of kairos-prod', () => {
  describeEdge(project);
});

describe('the edge of kairos-dev, off, on, rotated and off again', () => {
  describeEdgeSwitch(project);
});

describe('kairos-dev, through its life', () => {
  describeLife(project);
});

describe('kairos-prod, by HTTP', () => {
  describeHttp(project);
});

describe('kairos-prod, in a browser', () => {
  describeBrowser(project);
});
