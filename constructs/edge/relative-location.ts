import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudfrontFunction } from '@cdktf/provider-aws/lib/cloudfront-function';
import { Construct } from 'constructs';

const source = readFileSync(
  join(__dirname, '..', '..', 'functions', 'relative-location', 'handler.js'),
  'utf8',
);

export interface RelativeLocationProps {
  /** The function's name. */
  readonly name: string;
  /** The host of the origin. Links to it are made relative. */
  readonly originHost: string;
}

/** The CloudFront Function that keeps redirects of the backend on the edge. */
export class RelativeLocation extends Construct {
  readonly function: CloudfrontFunction;

  constructor(scope: Construct, id: string, { name, originHost }: RelativeLocationProps) {
    super(scope, id);
    this.function = new CloudfrontFunction(this, 'Default', {
      name,
      comment: 'Links to the origin become relative',
      runtime: 'cloudfront-js-2.0',
      publish: true,
      code: `const originHost = '${originHost}';\n${source}`,
    });
  }
}
