// The files that the tests use.

import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const TARGET = resolve(ROOT, process.env.CARGO_TARGET_DIR ?? 'target');

/** The programs, as `./just test-web` builds them. */
export const JOB_SCANNER = join(TARGET, 'debug/job-scanner');
export const BOARD_SERVER = join(TARGET, 'debug/board-server');

/** The folder of the built adapters. */
export const ADAPTERS = join(ROOT, 'adapters/dist');

/** The folder that the pictures are written to. */
export const PICTURES = join(ROOT, 'target/web-tests/pictures');
