import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate';
import { Apigatewayv2Authorizer } from '@cdktf/provider-aws/lib/apigatewayv2-authorizer';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { Policy } from './policy';

/**
 * Resources that others refer to while they are replaced, so that AWS refuses to delete them. IP sets, web ACLs and
 * what CloudFront refers to by name are not in the list. Only a new name replaces them, and their names are fixed. If
 * they were created first, they would collide with the resource that an interrupted deploy has left, which Terraform
 * replaces under the same name.
 */
const referred = [AcmCertificate, Apigatewayv2Authorizer, CloudwatchMetricAlarm];

/** https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#create_before_destroy */
export const replacedFirst: Policy = {
  name: 'replaced-first',
  faultsOf: (construct) =>
    referred.some((type) => construct instanceof type && construct.lifecycle?.createBeforeDestroy !== true)
      ? [
          'it would be deleted while others still refer to it, which AWS refuses; set lifecycle.createBeforeDestroy',
        ]
      : [],
};
