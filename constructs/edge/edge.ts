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
  /** The name of the distribution and the web ACL, and the prefix of their other resources. */
  readonly name: string;
  /**
   * The number of the origin's secret, from 1. If it is raised by one, a new secret is created, and the previous one
   * still works.
   */
  readonly rotation: number;
  /** The rotation of the last deploy: a number as text, or anything else if there was none. */
  readonly deployedRotation: string;
  /** The API behind the edge. */
  readonly api: Apigatewayv2Api;
  /** The header that contains the origin's secret, in lower case. */
  readonly originHeaderName: string;
  /**
   * Which requests the API accepts. With `open` its routes must have no authorizer: the lock and the secret are
   * created, but not used.
   * @default 'locked'
   */
  readonly origin?: 'locked' | 'open';
  /** The account, 12 digits. */
  readonly accountId: string;
  /** The ARN of the permissions boundary of every role. */
  readonly boundaryArn: string;
  /** The region of the API. */
  readonly region: string;
  /** A provider in us-east-1, the region of CloudFront's web ACLs, certificates and logs. */
  readonly globalProvider: TerraformProvider;
  /** Which routes need an API key, and where the keys are. @default - none */
  readonly apiKeys?: ApiKeysProps;
  /** The API's own domain name, and its hosted zone. @default - CloudFront's own domain name */
  readonly domain?: Pick<DomainProps, 'name' | 'zone'>;
  /** The name of the log group with one line per viewer request. */
  readonly accessLogGroupName: string;
  /** The retention of each of the edge's logs, in days. */
  readonly logRetentionDays: number;
}

/**
 * The edge of an HTTP API, to which a web ACL cannot be attached: CloudFront with a firewall, and a lock on the API
 * that accepts requests from CloudFront only. The API's routes must name the authorizer.
 */
export class Edge extends Construct {
  readonly distribution: CloudfrontDistribution;
  /** The number of the secret that the distribution sends. */
  readonly rotation: number;
  readonly webAcl: Wafv2WebAcl;
  /** The authorizer that every route of the API must name; undefined while the origin is open. */
  readonly authorizer: { readonly id: string } | undefined;
  /** The host that clients call. */
  readonly host: string;
  /** The URL that clients call, without a slash at its end. */
  readonly url: string;
  /** The certificate's ARN; undefined with CloudFront's own domain name. */
  readonly certificateArn: string | undefined;
  /** The log groups in us-east-1, with one line per request: those of the distribution and of the firewall. */
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
