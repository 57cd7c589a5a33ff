// Requests through the host, and the handling of their responses. Errors are thrown as `{ tag, val }`, the contract's
// `source-error`.

import * as http from 'job-scanner:source/http@0.1.0';

import { checkRequests, unexpected } from './contract.js';

/** The number of concurrent requests. The contract allows 256, but the host holds their responses together. */
const SIDE_BY_SIDE = 50;

/** Returns a GET request for JSON. If it is conditional, the response may say that it is `unchanged`. */
export function get(url, conditional) {
  const headers = [{ name: 'Accept', value: 'application/json' }];
  return { method: 'GET', url, headers, body: undefined, conditional, repeatable: true, redirects: 'follow' };
}

/** Sends one request and returns its response, if that is successful. */
export function send(request) {
  return successful(sendAll([request]).next().value);
}

/** Sends requests in batches, as their responses are consumed. The host waits and retries where that helps. */
export function* sendAll(requests) {
  checkRequests(requests);
  for (let at = 0; at < requests.length; at += SIDE_BY_SIDE) yield* http.sendAll(requests.slice(at, at + SIDE_BY_SIDE));
}

/** Returns the response, or throws the contract's error for its status. */
export function successful(answer) {
  if (answer.tag === 'err') throw noAnswer(answer.val);
  const { status } = answer.val;
  if (status < 200 || status > 299) throw refused(answer.val);
  return answer.val;
}

/** Parses the body of a response as JSON. */
export function json({ body, url }) {
  let text;
  try {
    text = utf8(body);
  } catch {
    throw unexpected(`${url} returned invalid UTF-8`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unexpected(`${error.message}: ${JSON.stringify(text.slice(0, 100))}`);
  }
}

function refused(response) {
  const { status, url } = response;
  const words = `${url} returned ${status}`;
  const pause = retryAfter(response);
  if (status === 404 || status === 410) return { tag: 'not-found', val: words };
  if (status === 401 || status === 403) return { tag: 'unauthorized', val: words };
  if (status === 429 || (status === 503 && pause !== undefined)) return { tag: 'rate-limited', val: pause };
  // The host did not follow this redirect.
  if (status < 400) return unexpected(words);
  return { tag: 'upstream', val: [status, url] };
}

/** Returns the pause in seconds. */
function retryAfter({ headers }) {
  const header = headers.find(({ name }) => name.toLowerCase() === 'retry-after');
  return /^\d{1,9}$/.test(header?.value ?? '') ? Number(header.value) : undefined;
}

function noAnswer(error) {
  switch (error.tag) {
    case 'dns':
    case 'connect':
    case 'tls':
    case 'protocol':
      return { tag: 'network', val: `${error.tag}: ${error.val}` };
    case 'timeout':
      return { tag: 'network', val: 'no answer in time' };
    case 'other':
      return error;
    default:
      return { tag: 'other', val: [error.tag, String(error.val)] };
  }
}

/** Decodes UTF-8, since QuickJS has no TextDecoder. Throws on invalid bytes. */
function utf8(bytes) {
  let latin1 = '';
  for (let start = 0; start < bytes.length; start += 8192) {
    latin1 += String.fromCharCode.apply(null, bytes.subarray(start, start + 8192));
  }
  // Most bytes are ASCII, which decoding leaves as it is. Leaving it out halves the time.
  return latin1.replace(/[\x80-\xff]+/g, (encoded) => decodeURIComponent(escape(encoded)));
}
