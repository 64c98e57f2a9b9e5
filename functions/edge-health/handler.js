// A CloudFront Function for viewer requests. It answers a health check at the edge. No origin is called, so a cold
// start cannot delay the response.

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
