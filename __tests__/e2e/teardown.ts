import { e2eCloud } from '../support/shared-cloud';

export default () => e2eCloud.end();
