import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudfrontFunction } from '@cdktf/provider-aws/lib/cloudfront-function';
import { Construct } from 'constructs';

const code = readFileSync(join(__dirname, '..', '..', 'functions', 'edge-health', 'handler.js'), 'utf8');

export interface EdgeHealthProps {
  /** The function's name. */
  readonly name: string;
}

/** The CloudFront Function that answers a health check without calling the origin. */
export class EdgeHealth extends Construct {
  readonly function: CloudfrontFunction;

  constructor(scope: Construct, id: string, { name }: EdgeHealthProps) {
    super(scope, id);
    this.function = new CloudfrontFunction(this, 'Default', {
      name,
      comment: 'Answers health checks at the edge',
      runtime: 'cloudfront-js-2.0',
      publish: true,
      code,
      // CloudFront deletes no function that a distribution uses, so the distribution is changed first.
      lifecycle: { createBeforeDestroy: true },
    });
  }
}
