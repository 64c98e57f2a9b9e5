import { resolve } from 'node:path';
import { findBackend } from '../../../images/backend-path';

describe('the path of the backend', () => {
  it('is KAIROS_BACKEND_PATH if it is set', () => {
    const environment = { KAIROS_BACKEND_PATH: '/src/kairos' };
    expect(findBackend({ environment, context: '../kairos-backend', root: '/projects' })).toBe('/src/kairos');
  });

  it('is relative to the working directory if the variable is relative', () => {
    const environment = { KAIROS_BACKEND_PATH: 'examples/backend' };
    expect(findBackend({ environment, context: undefined, root: '/projects' })).toBe(
      resolve('examples/backend'),
    );
  });

  it('is the path in cdktf.json, relative to that file', () => {
    const environment = { KAIROS_BACKEND_PATH: '' };
    expect(findBackend({ environment, context: '../kairos-backend', root: '/projects/infrastructure' })).toBe(
      '/projects/kairos-backend',
    );
  });

  it('is requested by an error if nothing names it', () => {
    expect(() => findBackend({ environment: {}, context: undefined, root: '/projects' })).toThrow(
      /KAIROS_BACKEND_PATH/,
    );
  });
});
