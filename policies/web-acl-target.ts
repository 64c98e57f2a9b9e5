import { Wafv2WebAclAssociation } from '@cdktf/provider-aws/lib/wafv2-web-acl-association';
import type { Policy } from './policy';
import { rendered } from './rendered';

/** An HTTP API's stage, as an expression or as an ARN. REST APIs have `/restapis/` where HTTP APIs have `/apis/`. */
const httpApi = /aws_apigatewayv2_|:\/apis\//;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html */
export const webAclTarget: Policy = {
  name: 'web-acl-target',
  faultsOf: (construct) =>
    construct instanceof Wafv2WebAclAssociation &&
    httpApi.test(rendered(construct, construct.resourceArnInput))
      ? [
          'AWS WAF cannot be attached to an HTTP API, and only the apply would fail; ' +
            'put the API behind constructs/edge, which attaches the web ACL to CloudFront',
        ]
      : [],
};
