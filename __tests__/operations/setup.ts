import { operationsCloud } from '../support/shared-cloud';

export default () => operationsCloud.begin();
