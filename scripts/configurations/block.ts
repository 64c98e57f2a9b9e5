import { parentPort, workerData } from 'node:worker_threads';
import { type Drawing, tryRight, tryWrong } from './property';

/** Tests the same number of wrong and right tables, in a separate thread, because cdktf never releases its tokens. */
const drawing = workerData as Drawing;
tryWrong(drawing);
tryRight(drawing);
parentPort?.postMessage('done');
