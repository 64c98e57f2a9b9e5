// A CloudFront Function on the viewer's request. It answers a health check at the edge, so that no origin is asked:
// nothing that has to start first can make the answer late.

function handler() {
  return {
    statusCode: 200,
    statusDescription: 'OK',
    headers: {
      'cache-control': { value: 'no-store' },
      'content-type': { value: 'application/json' },
    },
    body: { encoding: 'text', data: '{"status":"ok"}' },
  };
}
