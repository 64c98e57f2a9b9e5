import { beginSharedCloud } from '../support/shared-cloud';

export default beginSharedCloud;
