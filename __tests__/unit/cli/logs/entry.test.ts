import { readable } from '../../../../cli/logs/entry';

const line = (source: 'function' | 'api' | 'edge' | 'waf', message: object | string) =>
  readable({ source, at: 0, message: typeof message === 'string' ? message : JSON.stringify(message) });

describe('a line of a log', () => {
  it('of the platform is shortened to the report of the invocation', () => {
    const record = { requestId: 'abc', version: '4' };
    expect(line('function', { type: 'platform.start', record })).toBeUndefined();
    const metrics = { durationMs: 12.4, initDurationMs: 901, maxMemoryUsedMB: 98 };
    expect(
      line('function', { type: 'platform.report', record: { requestId: 'abc', status: 'success', metrics } }),
    ).toEqual({
      text: 'report 12 ms, cold start 901 ms, 98 MB abc',
      isError: false,
    });
  });

  it('of the platform about a failure is an error', () => {
    const record = { requestId: 'abc', status: 'timeout', metrics: { durationMs: 15_000 } };
    expect(line('function', { type: 'platform.report', record })).toMatchObject({ isError: true });
  });

  it('of the application is its level and its message', () => {
    expect(line('function', { level: 'ERROR', message: 'no database', requestId: 'abc' })).toEqual({
      text: 'ERROR no database abc',
      isError: true,
    });
  });

  it.each(['Opening the store...', '{not json'])('that is not JSON is not changed: %s', (text) => {
    expect(line('function', `${text}\n`)).toEqual({ text, isError: false });
  });

  it('of the API is the request, its status and why it failed', () => {
    const request = {
      method: 'GET',
      path: '/api/v1/',
      status: '500',
      responseLatency: '12',
      requestId: 'r=',
    };
    expect(line('api', { ...request, integrationErrorMessage: 'it broke' })).toEqual({
      text: 'GET /api/v1/ 500 12 ms r= it broke',
      isError: true,
    });
    expect(line('api', { ...request, status: '404' })?.isError).toBe(false);
  });

  it('of the edge is the request and its result', () => {
    const request = {
      'cs-method': 'GET',
      'cs-uri-stem': '/docs',
      'sc-status': '200',
      'time-taken': '0.021',
      'c-ip': '192.0.2.1',
    };
    expect(line('edge', { ...request, 'x-edge-result-type': 'Miss' })?.text).toBe(
      'GET /docs 200 21 ms Miss 192.0.2.1',
    );
  });

  it('of the firewall is its action, and a block is an error', () => {
    const httpRequest = { httpMethod: 'GET', uri: '/', clientIp: '192.0.2.1' };
    expect(line('waf', { action: 'BLOCK', terminatingRuleId: 'rate', httpRequest })).toEqual({
      text: 'BLOCK GET / 192.0.2.1 rate',
      isError: true,
    });
  });
});
