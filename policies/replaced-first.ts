import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate';
import { Apigatewayv2Authorizer } from '@cdktf/provider-aws/lib/apigatewayv2-authorizer';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { Policy } from './policy';

/**
 * What others refer to while it is replaced; AWS refuses to delete it then. Not IP sets, web ACLs and what CloudFront
 * refers to by name: only a new name replaces them, theirs are fixed, and made first they would collide with what an
 * interrupted deploy has left behind, which Terraform replaces under the same name.
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
