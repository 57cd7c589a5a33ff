// The exports of the contract. Each calls a function of `adapter.js`, and `contract.js` checks the result.

import * as own from './adapter.js';
import { DETAILS, OUTCOME, guarded } from './contract.js';
import manifest from './manifest.js';

export const adapter = {
  describe: () => JSON.stringify(manifest),
  fetchJobs: guarded(own, 'fetchJobs', OUTCOME),
};

// Only for texts that take one request per job: see the interface `details` in wit/source.wit.
export const details = own.fetchDetails && { fetchDetails: guarded(own, 'fetchDetails', DETAILS) };
