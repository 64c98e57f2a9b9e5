'use strict';

const { ChildProcess } = require('node:child_process');
const { readSync, writeSync } = require('node:fs');
const { constants } = require('node:os');
const { basename } = require('node:path');
const { StringDecoder } = require('node:string_decoder');
const pty = require('@lydell/node-pty');

/** The Terraforms that run now in a terminal. */
const live = new Set();

/** Those that run without one: cdktf-cli plans so. */
const piped = new Set();

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
  if (live.size + piped.size === 0) process.exit();
  // A reader that has gone is no second request, and each further line would be one.
  if (Date.now() - lastAsked < sameKeyPress || (signal === 'SIGPIPE' && lastAsked > 0)) return;
  lastAsked = Date.now();
  for (const terraform of [...live, ...piped]) interrupt(terraform);
}

/** @returns whether it still runs. */
function interrupt({ pid }, signal = 'SIGINT') {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
    return false;
  }
}

/** Whatever ends a process and lets it speak: Ctrl-\, and a time limit by `perl -e 'alarm …'` or `ulimit -t`, too. */
const signals = ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGALRM', 'SIGXCPU'];
const handlers = Object.fromEntries(signals.map((signal) => [signal, () => stop(signal)]));
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

/**
 * A Terraform that plans holds the lock too, and dies when it writes to a cdktf-cli that has gone. It is out of the
 * terminal's reach, so that it hears of one Ctrl-C once.
 */
const { spawn } = ChildProcess.prototype;
ChildProcess.prototype.spawn = function (options) {
  if (basename(options.file) !== basename(process.env.TERRAFORM_BINARY_NAME || 'terraform'))
    return spawn.call(this, options);
  handleAlone();
  const failure = spawn.call(this, Object.assign(options, { detached: true }));
  if (this.pid !== undefined) {
    piped.add(this);
    this.once('exit', () => piped.delete(this));
  }
  return failure;
};

/** Whatever ends this process, be it that nobody reads its output any more: no Terraform is hung up on. */
process.on('exit', () => {
  for (const terraform of [...live, ...piped]) if (lastAsked === 0) interrupt(terraform);
  while (live.size > 0) for (const terminal of live) if (!drain(terminal)) live.delete(terminal);
  if (stoppedBy !== undefined) process.exitCode = 128 + constants.signals[stoppedBy];
});

const buffer = Buffer.alloc(65536);
const pause = new Int32Array(new SharedArrayBuffer(4));

/** Reads on, for Terraform stands still when nobody does. @returns whether it still runs. */
function drain(terminal) {
  const chunk = read(terminal);
  try {
    writeSync(2, chunk);
  } catch {
    // nobody reads this either
  }
  if (chunk.length === 0) Atomics.wait(pause, 0, 0, 50);
  return chunk.length > 0 || interrupt(terminal, 0);
}

/**
 * libuv takes a terminal for ended when the other side is gone and the last read did not fill its buffer, and a terminal
 * gives 4 KB at a time: https://github.com/libuv/libuv/blob/v1.x/src/unix/stream.c (UV_HANDLE_READ_PARTIAL). What is
 * lost then is what Terraform said last: its error. It is read before the terminal is closed.
 */
function withWholeOutput(terminal) {
  const socket = terminal._socket;
  const destroy = socket.destroy.bind(socket);
  const decoder = new StringDecoder('utf8');
  socket.destroy = (error) => {
    socket.destroy = destroy;
    for (let chunk = read(terminal); chunk.length > 0; chunk = read(terminal))
      socket.emit('data', decoder.write(chunk));
    return destroy(error);
  };
  return terminal;
}

/** @returns what can be read at once; nothing at the end, and when Terraform is silent. */
function read({ fd }) {
  try {
    return buffer.subarray(0, readSync(fd, buffer));
  } catch (error) {
    // EIO is the end of a terminal.
    if (error.code === 'EAGAIN' || error.code === 'EIO') return buffer.subarray(0, 0);
    throw error;
  }
}

exports.spawn = (file, args, options) => {
  handleAlone();
  const terminal = withWholeOutput(pty.spawn(file, args, options));
  live.add(terminal);
  terminal.onExit(() => live.delete(terminal));
  return withHonestExit(terminal);
};
