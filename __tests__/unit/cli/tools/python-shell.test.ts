import { pythonShell } from '../../../../cli/tools/python-shell';

it.each([
  'PYTHONPATH',
  'PYTHONHOME',
  'PYTHONSAFEPATH',
  'PIP_USER',
  'PIP_TARGET',
  'PIP_CONSTRAINT',
  'UV_PYTHON',
])('%s is removed', (name) => {
  expect(pythonShell({ [name]: 'x', PATH: '/bin' })).toEqual({ PATH: '/bin' });
});

it.each([
  'PIP_INDEX_URL',
  'PIP_EXTRA_INDEX_URL',
  'PIP_CERT',
  'PIP_PROXY',
  'UV_INDEX',
  'UV_DEFAULT_INDEX',
  'UV_INDEX_COMPANY_PASSWORD',
  'UV_NATIVE_TLS',
  'UV_PYTHON_INSTALL_MIRROR',
  'UV_CACHE_DIR',
  'KAIROS_PYTHON',
  'PYENV_ROOT',
])('%s is kept, because it only sets a source of downloads', (name) => {
  expect(pythonShell({ [name]: 'x' })).toEqual({ [name]: 'x' });
});
