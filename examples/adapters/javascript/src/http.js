// Requests through the host, and the usual reading of what comes back. What is thrown as `{ tag, val }` is the
// contract's `source-error`.

import * as http from 'job-scanner:source/http@0.1.0';

/** As many requests are on their way at once, since their answers are held together. The contract allows 256. */
const SIDE_BY_SIDE = 50;

/** One request; the body of its answer. */
export function send(request) {
  return body(http.sendAll([request])[0]);
}

/** Requests side by side, some at a time, as answers are taken. The host waits, and tries again where that helps. */
export function* sendAll(requests) {
  for (let at = 0; at < requests.length; at += SIDE_BY_SIDE) yield* http.sendAll(requests.slice(at, at + SIDE_BY_SIDE));
}

/** The body of an answer that is a success, as text. */
export function body(answer) {
  if (answer.tag === 'err') throw noAnswer(answer.val);
  const { status, url } = answer.val;
  if (status < 200 || status > 299) throw refused(answer.val);
  try {
    return utf8(answer.val.body);
  } catch {
    throw unexpected(`${url} answered with something that is not UTF-8`);
  }
}

/** A body as JSON. */
export function json(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unexpected(`${error.message}: ${JSON.stringify(text.slice(0, 100))}`);
  }
}

export function unexpected(words) {
  return { tag: 'unexpected-response', val: words };
}

function refused(response) {
  const { status, url } = response;
  const words = `${url} answered ${status}`;
  const pause = retryAfter(response);
  if (status === 404 || status === 410) return { tag: 'not-found', val: words };
  if (status === 401 || status === 403) return { tag: 'unauthorized', val: words };
  if (status === 429 || (status === 503 && pause !== undefined)) return { tag: 'rate-limited', val: pause };
  // A redirect that the host did not follow.
  if (status < 400) return unexpected(words);
  return { tag: 'upstream', val: [status, url] };
}

/** Seconds. */
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

/** QuickJS has no TextDecoder. Fails on bytes that are not UTF-8. */
function utf8(bytes) {
  let latin1 = '';
  for (let start = 0; start < bytes.length; start += 8192) {
    latin1 += String.fromCharCode.apply(null, bytes.subarray(start, start + 8192));
  }
  return decodeURIComponent(escape(latin1));
}
