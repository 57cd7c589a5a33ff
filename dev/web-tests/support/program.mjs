// The program under test: boards, a first scan of them, and the daemon with its page, all on 127.0.0.1.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { serveHostileBoard } from './hostile_board.mjs';
import { ADAPTERS, BOARD_SERVER, JOB_SCANNER } from './paths.mjs';
import { Server } from './server.mjs';

/** The exit code of a scan in which a source failed. One of the boards always does. */
const A_SOURCE_FAILED = 1;

/** A folder with a configuration and a database, and the servers that use it. */
export class Program {
  #servers = [];

  /** Scans the boards once, and starts the daemon. */
  static async start() {
    const program = new Program();
    try {
      await program.#start();
      return program;
    } catch (error) {
      await program.stop();
      throw error;
    }
  }

  /** Runs a command as a person would, and returns what it prints. */
  async run(...args) {
    return (await promisify(execFile)(JOB_SCANNER, args, this.#place())).stdout;
  }

  /** Stops the servers, the last one first, and removes the folder. */
  async stop() {
    for (const server of this.#servers.reverse()) await server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #start() {
    this.folder = await mkdtemp(join(tmpdir(), 'job-scanner-web-'));
    const boards = await this.#keep(Server.start(
      BOARD_SERVER,
      ['--boards', '4', '--jobs', '40', '--seed', '7', '--fail', 'board-3=500'],
      'stdout',
    ));
    const hostile = await this.#keep(serveHostileBoard());
    this.boards = boards.address;
    await writeFile(join(this.folder, 'config.yaml'), this.#configuration(hostile.address));

    await this.#scan();
    const daemon = await this.#keep(Server.start(JOB_SCANNER, [], 'stderr', this.#place()));
    this.url = daemon.address;
  }

  async #scan() {
    try {
      await this.run('scan');
    } catch (error) {
      if (error.code !== A_SOURCE_FAILED) throw error;
    }
  }

  async #keep(starting) {
    const server = await starting;
    this.#servers.push(server);
    return server;
  }

  #place() {
    return {
      cwd: this.folder,
      env: { ...process.env, DATABASE_URL: 'sqlite:data/job_scanner.db', LOG_LEVEL: 'info', NO_COLOR: '1' },
    };
  }

  /** Returns the line of the configuration for a board that the board server generates. */
  sourceLine(name, type, api, identifier) {
    return sourceLine(name, type, `${this.boards}/${api}`, identifier);
  }

  #configuration(hostile) {
    return `
scan_interval: 1h
sources:
${this.sourceLine('First Board', 'greenhouse', 'boards-api.greenhouse.io', 'board-0')}
${this.sourceLine('Second Board', 'lever', 'api.lever.co', 'board-1')}
${this.sourceLine('Third Board', 'ashby', 'api.ashbyhq.com', 'board-2')}
${this.sourceLine('Failing Board', 'greenhouse', 'boards-api.greenhouse.io', 'board-3')}
${sourceLine('Hostile Board', 'greenhouse', hostile, 'hostile')}
profiles:
  - {name: engineering, query: "title:engineer* AND NOT intern"}
  - {name: remote, query: "remote AND NOT title:engineer*"}
web: {listen: "127.0.0.1:0", write_sources: true}
adapters: {dir: "${ADAPTERS}"}
`;
  }
}

function sourceLine(name, type, base, identifier) {
  const host = new URL(base).host;
  return `  - {name: ${name}, type: ${type}, identifier: ${identifier}, options: {base_url: "${base}"}, allow_hosts: ["${host}"]}`;
}
