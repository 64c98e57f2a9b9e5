import { parentPort, workerData } from 'node:worker_threads';
import { type Drawing, tryRight, tryWrong } from './property';

/** Tries as many wrong tables as right ones, in a thread of its own: cdktf forgets no token that it has made. */
const drawing = workerData as Drawing;
tryWrong(drawing);
tryRight(drawing);
parentPort?.postMessage('done');
