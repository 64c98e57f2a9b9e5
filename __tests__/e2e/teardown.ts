import { endSharedCloud } from '../support/shared-cloud';

export default endSharedCloud;
