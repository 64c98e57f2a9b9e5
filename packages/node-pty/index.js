'use strict';

const { ChildProcess } = require('node:child_process');
const { readSync, writeSync } = require('node:fs');
const { constants } = require('node:os');
const { basename } = require('node:path');
const { StringDecoder } = require('node:string_decoder');
const pty = require('@lydell/node-pty');

/** The Terraform processes that run in a terminal now. */
const live = new Set();

/** Those that run without a terminal, as cdktf-cli does for plans. */
const piped = new Set();

/** The signal that ends this process, and when it last arrived. */
let stoppedBy;
let lastAsked = 0;

/** npm forwards the signal that the terminal has already sent, so one Ctrl-C arrives more than once. */
const sameKeyPress = 1000;

/**
 * cdktf-cli only reads the exit code of Terraform. For a killed Terraform, node-pty reports
 * `{ exitCode: 0, signal: 9 }`, so an out-of-memory kill would look like a successful deploy. Here a signal becomes 128
 * + n, as in a shell.
 */
function withHonestExit(terminal) {
  const { onExit } = terminal;
  const honest = (listener) =>
    onExit(({ exitCode, signal }) => listener({ exitCode: signal ? 128 + signal : exitCode, signal }));
  return Object.defineProperty(terminal, 'onExit', { value: honest });
}

/**
 * On a signal cdktf-cli ends at once, which closes Terraform's terminal: its state is not written and its lock remains.
 * Here Terraform is told to stop, and cdktf-cli continues until it has ended.
 */
function stop(signal) {
  stoppedBy ??= signal;
  if (live.size + piped.size === 0) process.exit();
  // A closed pipe is not a second request to stop, and each further line would be one.
  if (Date.now() - lastAsked < sameKeyPress || (signal === 'SIGPIPE' && lastAsked > 0)) return;
  lastAsked = Date.now();
  for (const terraform of [...live, ...piped]) interrupt(terraform);
}

/** @returns whether it is still running. */
function interrupt({ pid }, signal = 'SIGINT') {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
    return false;
  }
}

/**
 * Every signal that ends a process and can be handled; also Ctrl-\, and a time limit by `perl -e 'alarm …'` or
 * `ulimit -t`.
 */
const signals = ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGALRM', 'SIGXCPU'];
const handlers = Object.fromEntries(signals.map((signal) => [signal, () => stop(signal)]));
for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);

// A command such as `| head -1` has closed the pipe, or the terminal's window was closed.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code }) => {
    if (code === 'EPIPE' || code === 'EIO') stop('SIGPIPE');
  });
}

/** Removes the signal handlers of cdktf-cli, which would end it at once. */
function handleAlone() {
  for (const [signal, handler] of Object.entries(handlers)) {
    for (const other of process.listeners(signal))
      if (other !== handler) process.removeListener(signal, other);
  }
}

/**
 * A Terraform that plans also holds the lock, and fails when it writes to a cdktf-cli that has ended. It does not
 * belong to the terminal, so it gets one Ctrl-C only once.
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

/** Whatever ends this process, even if nobody reads its output any more, Terraform can finish. */
process.on('exit', () => {
  for (const terraform of [...live, ...piped]) if (lastAsked === 0) interrupt(terraform);
  while (live.size > 0) for (const terminal of live) if (!drain(terminal)) live.delete(terminal);
  if (stoppedBy !== undefined) process.exitCode = 128 + constants.signals[stoppedBy];
});

const buffer = Buffer.alloc(65536);
const pause = new Int32Array(new SharedArrayBuffer(4));

/** Keeps reading, because Terraform stops when nobody reads its output. @returns whether it is still running. */
function drain(terminal) {
  const chunk = read(terminal);
  try {
    writeSync(2, chunk);
  } catch {
    // nobody reads this output either
  }
  if (chunk.length === 0) Atomics.wait(pause, 0, 0, 50);
  return chunk.length > 0 || interrupt(terminal, 0);
}

/**
 * libuv considers a terminal closed when the other side has closed it and the last read did not fill its buffer, but a
 * terminal returns 4 KB at a time: https://github.com/libuv/libuv/blob/v1.x/src/unix/stream.c (UV_HANDLE_READ_PARTIAL).
 * What is lost then is Terraform's last output: its error. So it is read before the terminal is closed.
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

/** @returns what can be read at once; nothing at the end, or if Terraform prints nothing. */
function read({ fd }) {
  try {
    return buffer.subarray(0, readSync(fd, buffer));
  } catch (error) {
    // EIO marks the end of a terminal.
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
