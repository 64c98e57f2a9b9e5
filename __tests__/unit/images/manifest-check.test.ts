import { UserError } from '../../../errors';
import { acceptedConfig, refuseOtherPlatform } from '../../../images/manifest-check';

const docker = 'application/vnd.docker.distribution.manifest.v2+json';
const oci = 'application/vnd.oci.image.manifest.v1+json';
const gzip = 'application/vnd.docker.image.rootfs.diff.tar.gzip';

function pushed(mediaType: string, layer = gzip) {
  const manifest = JSON.stringify({
    schemaVersion: 2,
    config: { digest: 'sha256:c0' },
    layers: [{ mediaType: layer }],
  });
  return { image: 'kairos:src-1', mediaType, manifest };
}

describe('the check of a pushed manifest', () => {
  it.each([docker, oci])('accepts %s and returns its configuration', (mediaType) => {
    expect(acceptedConfig(pushed(mediaType))).toBe('sha256:c0');
  });

  it.each([
    'application/vnd.oci.image.index.v1+json',
    'application/vnd.docker.distribution.manifest.list.v2+json',
  ])('refuses the index %s, and says why and what to do', (mediaType) => {
    expect(() => acceptedConfig(pushed(mediaType))).toThrow(
      /kairos:src-1 is an index.*Lambda takes a single one.*BUILDX_NO_DEFAULT_ATTESTATIONS=1.*delete this one/,
    );
  });

  it('refuses a media type that Lambda does not know', () => {
    expect(() => acceptedConfig(pushed('application/vnd.docker.distribution.manifest.v1+json'))).toThrow(
      /manifest of type .*v1\+json.*expected/,
    );
  });

  it('refuses a layer that Lambda cannot unpack', () => {
    const zstd = 'application/vnd.oci.image.layer.v1.tar+zstd';
    expect(() => acceptedConfig(pushed(oci, zstd))).toThrow(/layer of type .*zstd/);
  });

  it.each([
    ['no JSON', '<html>', /^the manifest of kairos:src-1 cannot be read: the registry gave "<html>"/],
    ['no layers', '{"config":{"digest":"sha256:c0"}}', /cannot be read at layers/],
    ['no configuration', '{"layers":[]}', /cannot be read at config/],
  ])('refuses a manifest with %s, with a clear message', (_, manifest, words) => {
    const attempt = () => acceptedConfig({ ...pushed(docker), manifest });
    expect(attempt).toThrow(UserError);
    expect(attempt).toThrow(words);
  });

  it('refuses a configuration without a platform, with a clear message', () => {
    const attempt = () => {
      refuseOtherPlatform('kairos:src-1', '{"os":"linux"}', 'linux/arm64');
    };
    expect(attempt).toThrow(UserError);
    expect(attempt).toThrow(/the configuration of kairos:src-1 cannot be read at architecture/);
  });

  const config = JSON.stringify({ os: 'linux', architecture: 'arm64' });

  it('accepts the platform of the function', () => {
    expect(() => {
      refuseOtherPlatform('kairos:src-1', config, 'linux/arm64');
    }).not.toThrow();
  });

  it('refuses another platform, and names both', () => {
    expect(() => {
      refuseOtherPlatform('kairos:src-1', config, 'linux/amd64');
    }).toThrow(/kairos:src-1 is for linux\/arm64, and the function runs on linux\/amd64/);
  });
});
