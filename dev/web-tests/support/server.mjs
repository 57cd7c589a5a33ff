// Processes that print the address at which they listen.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A process that listens on this machine. */
export class Server {
  constructor(child, address) {
    this.child = child;
    this.address = address;
  }

  /** Starts a program. Returns once a line of `stream` (`stdout` or `stderr`) has an address. */
  static async start(program, args, stream, options = {}) {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const other = stream === 'stdout' ? child.stderr : child.stdout;
    other.resume();

    const printed = [];
    const lines = createInterface({ input: child[stream] });
    const address = await new Promise((found, failed) => {
      lines.on('line', (line) => {
        printed.push(line);
        const match = line.match(/http:\/\/127\.0\.0\.1:\d+/);
        if (match) found(match[0]);
      });
      lines.on('close', () => failed(new Error(`${program} printed no address:\n${printed.join('\n')}`)));
      child.on('error', failed);
    });
    return new Server(child, address);
  }

  /** Ends the process as a service manager does. */
  async stop() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGTERM');
    await ended;
  }
}
