// Runs a Lambda handler: asks the Runtime API for events, calls the handler, posts what it returns.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const environment = process.env;
const [host, port] = environment.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1, noDelay: true });
const prefix = '/2018-06-01/runtime/';

class Fault extends Error {
  constructor(name, message, trace) {
    super(message);
    this.name = name;
    this.trace = trace;
  }
}

function call(method, target, body = '', headers = {}) {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body);
    const request = http.request(
      {
        host, port, method, agent, path: prefix + target,
        headers: { 'Content-Type': 'application/json', 'Content-Length': bytes.length, ...headers },
      },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() });
        });
      },
    );
    request.on('error', reject);
    request.end(bytes);
  });
}

function describe(error) {
  if (error instanceof Error || (error && typeof error === 'object' && 'stack' in error)) {
    const trace = error.trace ?? String(error.stack).split('\n');
    return { errorType: String(error.name), errorMessage: String(error.message), trace };
  }
  return { errorType: error === null ? 'null' : typeof error, errorMessage: String(error), trace: [] };
}

function report(target, error) {
  const payload = describe(error);
  console.error(payload.trace.length > 0 ? payload.trace.join('\n') : `${payload.errorType}: ${payload.errorMessage}`);
  const kind = payload.errorType.replace(/[^\x21-\x7e]/g, '');
  return call('POST', target, JSON.stringify(payload), { 'Lambda-Runtime-Function-Error-Type': kind });
}

function locate(root, file) {
  const base = path.resolve(root, file);
  for (const candidate of [base, `${base}.js`, `${base}.mjs`, `${base}.cjs`]) {
    if (fs.statSync(candidate, { throwIfNoEntry: false })?.isFile()) return candidate;
  }
  return undefined;
}

async function importModule(root, file) {
  const found = locate(root, file);
  try {
    if (found !== undefined) return await import(pathToFileURL(found).href);
    const require = createRequire(path.join(root, 'index.js'));
    return await import(pathToFileURL(require.resolve(file, { paths: [root] })).href);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new Fault('Runtime.UserCodeSyntaxError', String(error), String(error.stack).split('\n'));
    }
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') {
      throw new Fault('Runtime.ImportModuleError', String(error), String(error.stack).split('\n'));
    }
    throw error;
  }
}

async function load(root, handler) {
  const base = path.basename(handler);
  const dot = base.indexOf('.');
  if (dot <= 0 || dot === base.length - 1) throw new Fault('Runtime.MalformedHandlerName', 'Bad handler');
  const file = path.join(path.dirname(handler), base.slice(0, dot));
  const module = await importModule(root, file);
  const names = base.slice(dot + 1).split('.');
  const pick = (start) => names.reduce((value, name) => value?.[name], start);
  const found = pick(module) ?? pick(module.default);
  if (found === undefined) {
    throw new Fault('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  if (typeof found !== 'function') {
    throw new Fault('Runtime.HandlerNotFound', `${handler} is not a function`);
  }
  return found;
}

function makeContext(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const parse = (text) => (text ? JSON.parse(Buffer.from(text, 'latin1').toString()) : undefined);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parse(headers['lambda-runtime-client-context']),
    identity: parse(headers['lambda-runtime-cognito-identity']),
    tenantId: headers['lambda-runtime-aws-tenant-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

function marshal(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch (error) {
    throw new Fault('Runtime.MarshalError', `Unable to marshal response: ${error.message}`);
  }
}

// A handler answers with a promise, through its callback, or not at all: then when nothing is left to do.
function run(handler, event, context) {
  return new Promise((resolve, reject) => {
    const idle = () => resolve(null);
    process.once('beforeExit', idle);
    const settle = (error, result) => {
      process.removeListener('beforeExit', idle);
      if (error !== undefined && error !== null) reject(error); else resolve(result);
    };
    const callback = (error, result) => {
      if (!context.callbackWaitsForEmptyEventLoop) return settle(error, result);
      process.removeListener('beforeExit', idle);
      process.once('beforeExit', () => settle(error, result));
    };
    Object.assign(context, {
      succeed: (result) => settle(null, result),
      fail: (error) => settle(error ?? 'handled', undefined),
      done: (error, result) => settle(error, result),
    });
    try {
      const returned = handler(event, context, callback);
      if (returned && typeof returned.then === 'function') {
        returned.then((result) => settle(null, result), (error) => {
          process.removeListener('beforeExit', idle);
          reject(error);
        });
      }
    } catch (error) {
      process.removeListener('beforeExit', idle);
      reject(error);
    }
  });
}

let current;

async function fail(error, code) {
  try {
    await report(current === undefined ? 'init/error' : `invocation/${current}/error`, error);
  } finally {
    process.exit(code);
  }
}

process.on('uncaughtException', (error) => fail(error, 129));
process.on('unhandledRejection', (reason) => {
  const error = new Fault('Runtime.UnhandledPromiseRejection', reason instanceof Error ? String(reason) : `${reason}`);
  error.reason = reason;
  error.trace = String((reason instanceof Error ? reason : error).stack).split('\n');
  fail(error, 128);
});

// Not at the top level of the module: an await there would keep `beforeExit` from being told.
async function main() {
  const handler = await load(environment.LAMBDA_TASK_ROOT, environment._HANDLER).catch((error) => fail(error, 1));

  while (true) {
    const next = await call('GET', 'invocation/next');
    if (next.status !== 200) throw new Error(`the Runtime API answered ${next.status}`);
    current = next.headers['lambda-runtime-aws-request-id'];
    const trace = next.headers['lambda-runtime-trace-id'];
    if (trace) environment._X_AMZN_TRACE_ID = trace;
    let result;
    try {
      result = marshal(await run(handler, JSON.parse(next.body), makeContext(next.headers)));
    } catch (error) {
      await report(`invocation/${current}/error`, error);
      continue;
    }
    const answer = await call('POST', `invocation/${current}/response`, result);
    if (answer.status === 413) console.error(`the response of ${Buffer.byteLength(result)} bytes is too large`);
  }
}

main();
