import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { policyOf } from './reading';

/** https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html */
export const keyRotation = policyOf('key-rotation', KmsKey, (key) => [
  key.enableKeyRotationInput === true
    ? undefined
    : 'the same key material would encrypt everything for ever; set enableKeyRotation',
]);
