import { alarmAction, alarmRunbook } from './alarm-action';
import { closedBuckets } from './closed-buckets';
import { cloudfrontScope } from './cloudfront-scope';
import { defaultTags } from './default-tags';
import { functionLog, functionRole, functionTracing } from './function-basics';
import { imageRepository } from './image-repository';
import { keyRotation } from './key-rotation';
import { knownRights } from './known-rights';
import { lockedRoutes } from './locked-routes';
import { logRetention } from './log-retention';
import { nameLimit } from './name-limit';
import { noSecretInState } from './no-secret-in-state';
import { noSecretLiteral } from './no-secret-literal';
import { noStarAction } from './no-star-action';
import { noStarResource } from './no-star-resource';
import type { Policy } from './policy';
import { protectedDistribution } from './protected-distribution';
import { protectedState } from './protected-state';
import { replacedFirst } from './replaced-first';
import { stageLog } from './stage-log';
import { stageThrottle } from './stage-throttle';
import { webAclTarget } from './web-acl-target';

/** Every rule that can stop a synth. */
export const policies: readonly Policy[] = [
  webAclTarget,
  cloudfrontScope,
  protectedDistribution,
  lockedRoutes,
  stageThrottle,
  stageLog,
  functionRole,
  functionLog,
  functionTracing,
  logRetention,
  imageRepository,
  noSecretInState,
  noSecretLiteral,
  noStarAction,
  noStarResource,
  nameLimit,
  closedBuckets,
  protectedState,
  replacedFirst,
  keyRotation,
  alarmAction,
  alarmRunbook,
  defaultTags,
  knownRights,
];
