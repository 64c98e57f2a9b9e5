import type { Apigatewayv2Api } from '@cdktf/provider-aws/lib/apigatewayv2-api';
import type { CloudfrontDistribution } from '@cdktf/provider-aws/lib/cloudfront-distribution';
import type { Wafv2WebAcl } from '@cdktf/provider-aws/lib/wafv2-web-acl';
import { Fn, type TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { AccessLog } from './access-log';
import type { ApiKeysProps } from './authorizer-function';
import { Distribution } from './distribution';
import { Domain, type DomainProps } from './domain';
import { OriginLock } from './origin-lock';
import { WebAcl, type WebAclProps } from './web-acl';

export interface EdgeProps extends Omit<WebAclProps, 'provider'> {
  /** The name of distribution and web ACL; what belongs to them is named after it. */
  readonly name: string;
  /** The number of the origin's secret, from 1. Raised by one, a new secret is made and the one before still works. */
  readonly rotation: number;
  /** The rotation that was deployed last: a number as text, or anything else when there was none. */
  readonly deployedRotation: string;
  /** The API behind the edge. */
  readonly api: Apigatewayv2Api;
  /** The header that carries the origin's secret, in lower case. */
  readonly originHeaderName: string;
  /**
   * Whom the API admits. With `open` its routes are to ask nobody: lock and secret are made, and the lock hangs open.
   * @default 'locked'
   */
  readonly origin?: 'locked' | 'open';
  /** The account, 12 digits. */
  readonly accountId: string;
  /** The ARN of the policy that bounds every role. */
  readonly boundaryArn: string;
  /** The region of the API. */
  readonly region: string;
  /** A provider in us-east-1: web ACLs, certificates and logs of CloudFront live there. */
  readonly globalProvider: TerraformProvider;
  /** Which routes need an API key, and where the keys are. @default - none */
  readonly apiKeys?: ApiKeysProps;
  /** The API's own name, and the hosted zone that it lies in. @default - the name that CloudFront gives */
  readonly domain?: Pick<DomainProps, 'name' | 'zone'>;
  /** The name of the log group that receives one line per request of a viewer. */
  readonly accessLogGroupName: string;
  /** How long each of the edge's logs is kept, in days. */
  readonly logRetentionDays: number;
}

/**
 * What stands in front of an HTTP API, to which a web ACL cannot be attached: CloudFront with a firewall, and a lock
 * on the API that admits CloudFront alone. The API's routes have to name the authorizer.
 */
export class Edge extends Construct {
  readonly distribution: CloudfrontDistribution;
  /** The number of the secret that the distribution sends. */
  readonly rotation: number;
  readonly webAcl: Wafv2WebAcl;
  /** What every route of the API has to name; nothing while the origin is open. */
  readonly authorizer: { readonly id: string } | undefined;
  /** The host that clients use. */
  readonly host: string;
  /** The address that clients use, without a slash at its end. */
  readonly url: string;
  /** The certificate's ARN; none with the name that CloudFront gives. */
  readonly certificateArn: string | undefined;
  /** The log groups in us-east-1: one line a request of the distribution, and of the firewall. */
  readonly logGroups: { readonly access: string; readonly firewall: string };

  constructor(scope: Construct, id: string, props: EdgeProps) {
    super(scope, id);
    const lock = new OriginLock(this, 'OriginLock', {
      ...props,
      name: `${props.name}-authorizer`,
      headerName: props.originHeaderName,
    });
    const webAcl = new WebAcl(this, 'WebAcl', { ...props, provider: props.globalProvider });
    const domain = this.createDomain(props);
    const { distribution } = new Distribution(this, 'Distribution', {
      name: props.name,
      originHost: Fn.replace(props.api.apiEndpoint, 'https://', ''),
      originHeader: { name: props.originHeaderName, value: lock.secret },
      originAdmits: [lock.function.function, lock.authorizer],
      webAclArn: webAcl.acl.arn,
      healthPath: props.healthPath,
      domain,
    });
    const accessLog = new AccessLog(this, 'AccessLog', {
      name: props.name,
      logGroupName: props.accessLogGroupName,
      distribution,
      provider: props.globalProvider,
      retentionDays: props.logRetentionDays,
    });
    this.distribution = distribution;
    this.rotation = props.rotation;
    this.webAcl = webAcl.acl;
    this.authorizer = props.origin === 'open' ? undefined : lock.authorizer;
    this.host = domain?.name ?? distribution.domainName;
    this.url = `https://${this.host}`;
    this.certificateArn = domain?.certificateArn;
    this.logGroups = { access: accessLog.logGroup.name, firewall: webAcl.logGroup.name };
  }

  private createDomain({ domain, globalProvider }: EdgeProps): Domain | undefined {
    return domain && new Domain(this, 'Domain', { ...domain, provider: globalProvider });
  }
}
