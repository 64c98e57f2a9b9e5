import type { Node } from './graph';

/** The labels of resources with their own box. All others belong to one of these. */
const boxes: Readonly<Record<string, string>> = {
  aws_cloudfront_distribution: 'CloudFront\ndistribution',
  aws_cloudfront_function: 'CloudFront functions',
  aws_cloudfront_response_headers_policy: 'security headers',
  aws_wafv2_web_acl: 'web ACL',
  aws_wafv2_ip_set: 'sets of addresses',
  aws_apigatewayv2_api: 'HTTP API',
  aws_apigatewayv2_authorizer: 'authorizer',
  aws_apigatewayv2_route: 'routes',
  aws_apigatewayv2_integration: 'integration',
  aws_apigatewayv2_stage: 'stage $default',
  aws_lambda_function: 'function',
  aws_lambda_alias: 'alias live',
  aws_route53_health_check: 'health check',
  aws_cloudwatch_log_group: 'log groups',
  aws_iam_role: 'roles',
  terraform_data: 'secret of the origin,\nlog fields',
};

/** @returns the box of a resource. Resources of one type in one construct share a box. */
function boxOf({ address, path }: Node): { readonly room: string; readonly id: string } | undefined {
  const [type = ''] = address.split('.');
  const room = path.split('/')[0] ?? '';
  return type in boxes ? { room, id: `${room} ${type}` } : undefined;
}

/**
 * Writes a stack in Graphviz's language: a box for each kind of resource in each construct, an arrow for each
 * reference. Every name is quoted, because `node`, `edge` and `graph` are keywords.
 */
export function dotOf(stack: string, nodes: readonly Node[]): string {
  const byAddress = new Map(nodes.map((node) => [node.address, boxOf(node)]));
  const rooms = new Map<string, Map<string, string>>();
  const arrows = new Set<string>();
  for (const node of nodes) {
    const box = byAddress.get(node.address);
    if (box === undefined) continue;
    const labels = rooms.get(box.room) ?? new Map<string, string>();
    labels.set(box.id, boxes[node.address.split('.')[0] ?? ''] ?? '');
    rooms.set(box.room, labels);
    for (const reference of node.references) {
      const target = byAddress.get(reference);
      if (target !== undefined && target.id !== box.id)
        arrows.add(`${quoted(box.id)} -> ${quoted(target.id)}`);
    }
  }
  return [
    `digraph ${quoted(stack)} {`,
    'rankdir=LR; nodesep=0.25; ranksep=0.7; fontname="Helvetica"; fontsize=11;',
    'node [shape=box style="rounded,filled" fillcolor="white" fontname="Helvetica" fontsize=10];',
    'edge [color="#666666" arrowsize=0.6];',
    ...[...rooms]
      .sort(byName)
      .flatMap(([room, labels]) => [
        `subgraph ${quoted(`cluster ${room}`)} {`,
        `label=${quoted(room)}; style="rounded,filled"; color="#dddddd"; fillcolor="#f6f6f6";`,
        ...[...labels].sort(byName).map(([id, label]) => `${quoted(id)} [label=${quoted(label)}];`),
        '}',
      ]),
    ...[...arrows].sort(),
    '}',
  ].join('\n');
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
