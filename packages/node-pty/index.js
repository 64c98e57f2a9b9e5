'use strict';

const { readSync, writeSync } = require('node:fs');
const { constants } = require('node:os');
const pty = require('@lydell/node-pty');

/** The Terraforms that run now. */
const live = new Set();

/** The signal that ends this process, and when it came last. */
let stoppedBy;
let lastAsked = 0;

/** npm hands on the signal that the terminal has sent already, so that one Ctrl-C arrives more than once. */
const sameKeyPress = 1000;

/**
 * cdktf-cli reads the exit code of Terraform alone. node-pty says `{ exitCode: 0, signal: 9 }` of a Terraform that was
 * killed, so that an out-of-memory kill passes for a deploy. A signal is turned into 128 + n here, as a shell does.
 */
function withHonestExit(terminal) {
  const { onExit } = terminal;
  const honest = (listener) =>
    onExit(({ exitCode, signal }) => listener({ exitCode: signal ? 128 + signal : exitCode, signal }));
  return Object.defineProperty(terminal, 'onExit', { value: honest });
}

/**
 * cdktf-cli ends at once on a signal, which hangs up on Terraform: its state is not written and its lock stays. Here
 * Terraform is asked to end, and cdktf-cli goes on until it has.
 */
function stop(signal) {
  stoppedBy ??= signal;
  if (live.size === 0) process.exit();
  // A reader that has gone is no second request, and each further line would be one.
  if (Date.now() - lastAsked < sameKeyPress || (signal === 'SIGPIPE' && lastAsked > 0)) return;
  lastAsked = Date.now();
  for (const { pid } of live) process.kill(pid, 'SIGINT');
}

const handlers = Object.fromEntries(
  ['SIGHUP', 'SIGINT', 'SIGTERM'].map((signal) => [signal, () => stop(signal)]),
);
for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);

// `| head -1` has enough, or the terminal's window was closed.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code }) => {
    if (code === 'EPIPE' || code === 'EIO') stop('SIGPIPE');
  });
}

/** Takes away the handlers of cdktf-cli, which end it at once. */
function handleAlone() {
  for (const [signal, handler] of Object.entries(handlers)) {
    for (const other of process.listeners(signal))
      if (other !== handler) process.removeListener(signal, other);
  }
}

/** Whatever ends this process, be it that nobody reads its output any more: no Terraform is hung up on. */
process.on('exit', () => {
  for (const { pid } of live) if (lastAsked === 0) process.kill(pid, 'SIGINT');
  while (live.size > 0) for (const terminal of live) if (!drain(terminal)) live.delete(terminal);
  if (stoppedBy !== undefined) process.exitCode = 128 + constants.signals[stoppedBy];
});

const buffer = Buffer.alloc(65536);
const pause = new Int32Array(new SharedArrayBuffer(4));

/** Reads on, for Terraform stands still when nobody does. @returns whether it still runs. */
function drain({ fd }) {
  try {
    const length = readSync(fd, buffer);
    if (length === 0) return false;
    try {
      writeSync(2, buffer, 0, length);
    } catch {
      // nobody reads this either
    }
  } catch (error) {
    if (error.code !== 'EAGAIN') return false; // EIO: the last process of the terminal has ended
    Atomics.wait(pause, 0, 0, 50);
  }
  return true;
}

exports.spawn = (file, args, options) => {
  handleAlone();
  const terminal = pty.spawn(file, args, options);
  live.add(terminal);
  terminal.onExit(() => live.delete(terminal));
  return withHonestExit(terminal);
};
