import { cloudfrontScope } from './cloudfront-scope';
import { lockedRoutes } from './locked-routes';
import type { Policy } from './policy';
import { stageThrottle } from './stage-throttle';
import { webAclTarget } from './web-acl-target';

/** Every rule that stops a synthesis. */
export const policies: readonly Policy[] = [webAclTarget, cloudfrontScope, stageThrottle, lockedRoutes];
