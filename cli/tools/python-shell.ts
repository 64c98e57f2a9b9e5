import type { Shell } from '../process';

/**
 * The variables of a program, and those that are passed on to it: they say where something comes from, not what is
 * done.
 */
interface Family {
  /** Where its variables are documented. */
  readonly source: string;
  readonly members: RegExp;
  readonly left: RegExp;
}

const families: readonly Family[] = [
  {
    // Other modules, another standard library, no folder of the program: with each of these the local cloud could not
    // start.
    source: 'https://docs.python.org/3/using/cmdline.html#environment-variables',
    members: /^PYTHON/,
    left: /^$/,
  },
  {
    // Each option of pip: --user and --target install packages outside of the environment.
    source: 'https://pip.pypa.io/en/stable/topics/configuration/#environment-variables',
    members: /^PIP_/,
    left: /^PIP_((EXTRA_)?INDEX_URL|NO_INDEX|FIND_LINKS|TRUSTED_HOST|(CLIENT_)?CERT|PROXY|(DEFAULT_)?TIMEOUT|RETRIES|(NO_)?CACHE_DIR|CONFIG_FILE|KEYRING_PROVIDER)$/,
  },
  {
    source: 'https://docs.astral.sh/uv/reference/environment/',
    members: /^UV_/,
    left: /^UV_((DEFAULT_|EXTRA_)?INDEX.*|NO_INDEX|FIND_LINKS|INSECURE_HOST|NATIVE_TLS|SYSTEM_CERTS|KEYRING_PROVIDER|HTTP_.*|REQUEST_TIMEOUT|.*_MIRROR|(NO_)?CACHE(_DIR)?|LINK_MODE|OFFLINE|CONFIG_FILE|CONCURRENT_.*)$/,
  },
];

/** @returns the variables with which Python and its installers do only what a command says. */
export function pythonShell(shell: Shell): Shell {
  const isForeign = (name: string) =>
    families.some(({ members, left }) => members.test(name) && !left.test(name));
  return Object.fromEntries(Object.entries(shell).filter(([name]) => !isForeign(name)));
}
