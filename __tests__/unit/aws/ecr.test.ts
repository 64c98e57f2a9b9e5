import { ecrEndpoint, localRegistry } from '../../../aws/ecr';

describe('the registry', () => {
  it.each([
    ['http://127.0.0.1:4566', 'http://127.0.0.1:4566'],
    ['http://localhost:4566/', 'http://localhost:4566'],
  ])('of a local cloud at %s has the same address', (endpoint, registry) => {
    expect(localRegistry(endpoint)).toBe(registry);
  });

  it.each([
    [undefined],
    ['https://vpce-0123.api.ecr.eu-west-2.vpce.amazonaws.com'],
    ['https://127.0.0.1:4566'],
    ['http://registry.example.com'],
    ['http://127.0.0.1.example.com'],
    ['not an address'],
  ])("of %s is the account's registry", (endpoint) => {
    expect(localRegistry(endpoint)).toBeUndefined();
  });
});

describe('the endpoint of ECR', () => {
  it.each([
    [{ AWS_ENDPOINT_URL: 'http://a' }, 'http://a'],
    [{ AWS_ENDPOINT_URL: 'http://a', AWS_ENDPOINT_URL_ECR: 'http://b' }, 'http://b'],
    [{ AWS_ENDPOINT_URL: 'http://a', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, undefined],
    [{}, undefined],
  ])('is the one that the SDKs read from %j', (shell, endpoint) => {
    expect(ecrEndpoint(shell)).toBe(endpoint);
  });
});
