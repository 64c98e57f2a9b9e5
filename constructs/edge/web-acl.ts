import { Wafv2IpSet } from '@cdktf/provider-aws/lib/wafv2-ip-set';
import type { Wafv2WebAcl } from '@cdktf/provider-aws/lib/wafv2-web-acl';
import { Wafv2WebAclLoggingConfiguration } from '@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import type { CountedRules } from '../../aws/managed-rules';
import { LogGroup } from '../log-group';
import { WebAclWithStatementBlocks } from './statement-blocks';
import { capacityOf, includedCapacity } from './waf-capacity';
import { inspectedKilobytes, responseBodies, visibility, type WafRule, wafRules } from './waf-rules';

export interface WebAclProps {
  /** The name of the web ACL, and the prefix of its other resources. */
  readonly name: string;
  /** A provider in us-east-1, the region of CloudFront's web ACLs. */
  readonly provider: TerraformProvider;
  /** How many requests one address may send in 5 minutes. */
  readonly requestLimit: number;
  /** How many requests to the login routes one address may send in 5 minutes. */
  readonly loginLimit: number;
  /** The paths of the login routes. Every path that starts with one of them counts. */
  readonly loginPaths: readonly string[];
  /** Addresses that skip all rules, in CIDR notation. */
  readonly allowedAddresses: readonly string[];
  /** Addresses that are blocked, in CIDR notation. */
  readonly blockedAddresses: readonly string[];
  /** Managed rules that count matches instead of blocking them. */
  readonly countedRules: CountedRules;
  /** The path on which the edge itself answers health checks. @default - none */
  readonly healthPath?: string;
  /** The retention of the firewall's log, in days. */
  readonly logRetentionDays: number;
}

/** Headers that are never written to the firewall's log. */
const redactedHeaders = ['authorization', 'cookie', 'x-api-key'];

/** A web application firewall for CloudFront, with its log. */
export class WebAcl extends Construct {
  readonly acl: Wafv2WebAcl;
  readonly logGroup: LogGroup;

  /** @throws when the rules need more capacity than the basic price of a web ACL includes. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: WebAclProps,
  ) {
    super(scope, id);
    this.acl = this.createAcl();
    this.logGroup = this.createLog();
  }

  private createAcl(): Wafv2WebAcl {
    const rules = wafRules({
      ...this.props,
      allowedAddressSets: this.createAddressSets('Allowed', this.props.allowedAddresses),
      blockedAddressSets: this.createAddressSets('Blocked', this.props.blockedAddresses),
    });
    this.refuseExpensive(rules);
    return new WebAclWithStatementBlocks(this, 'Default', {
      provider: this.props.provider,
      name: this.props.name,
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      rule: [...rules],
      customResponseBody: Object.entries(responseBodies).map(([key, content]) => ({
        key,
        content,
        contentType: 'APPLICATION_JSON',
      })),
      associationConfig: {
        requestBody: [{ cloudfront: { defaultSizeInspectionLimit: `KB_${inspectedKilobytes}` } }],
      },
      visibilityConfig: visibility(this.props.name),
    });
  }

  /**
   * IPv4 and IPv6 each have their set, even if it is empty. If a set were removed with its last address, it would be
   * deleted while the web ACL still refers to it, which WAF refuses:
   * https://github.com/hashicorp/terraform-provider-aws/issues/17601
   * @returns the ARNs of the sets.
   */
  private createAddressSets(kind: 'Allowed' | 'Blocked', addresses: readonly string[]): readonly string[] {
    const versions = [
      { version: 'IPV4', held: addresses.filter((address) => !address.includes(':')) },
      { version: 'IPV6', held: addresses.filter((address) => address.includes(':')) },
    ];
    return versions.map(
      ({ version, held }) =>
        new Wafv2IpSet(this, `${kind}-${version}`, {
          provider: this.props.provider,
          name: `${this.props.name}-${kind.toLowerCase()}-${version.toLowerCase()}`,
          scope: 'CLOUDFRONT',
          ipAddressVersion: version,
          addresses: held,
        }).arn,
    );
  }

  private refuseExpensive(rules: readonly WafRule[]): void {
    const capacity = rules.reduce((sum, { statement }) => sum + capacityOf(statement), 0);
    if (capacity > includedCapacity) {
      throw new Error(
        `${this.node.path}: the rules need ${capacity} WCUs, more than the ${includedCapacity} that a web ACL's price includes; shorten loginPaths`,
      );
    }
  }

  private createLog(): LogGroup {
    const { name, provider, logRetentionDays } = this.props;
    // WAF writes only to log groups with this prefix.
    // https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
    const logGroup = new LogGroup(this, 'Log', {
      name: `aws-waf-logs-${name}`,
      retentionDays: logRetentionDays,
      provider,
    });
    new Wafv2WebAclLoggingConfiguration(this, 'Logging', {
      provider,
      resourceArn: this.acl.arn,
      logDestinationConfigs: [logGroup.arn],
      redactedFields: redactedHeaders.map((header) => ({ singleHeader: { name: header } })),
    });
    return logGroup;
  }
}
