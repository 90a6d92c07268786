// Runs a Lambda handler: asks the Runtime API for events, calls the handler, posts what it returns.
//
// Words, shapes and rules are those of AWS's runtime interface client for Node.js, without syntax newer than Node.js 16.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import util from 'node:util';

const environment = process.env;
const require = createRequire(import.meta.url);
const [host, port] = environment.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1, noDelay: true });
// Tracers replace it in the module; the runtime's own requests are none of theirs.
const openRequest = http.request;
const prefix = '/2018-06-01/runtime/';
// The runtime that the function names, which decides what is offered; another may run it.
const runtimeVersion = Number((/nodejs(\d+)/.exec(environment.AWS_EXECUTION_ENV) || [])[1] || 0);

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const HIGH_WATER_MARK = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');

/** An error that the runtime words itself. */
class Fault extends Error {
  constructor(kind, message, properties) {
    super(message);
    Object.defineProperty(this, 'name', { value: kind });
    // V8 wrote the first line of the stack before the name was known.
    this.stack = String(this.stack).replace(/^Error/, kind);
    Object.assign(this, properties);
  }
}

// Requests to the Runtime API

function open(method, target, headers, onResponse, onError) {
  const request = openRequest({ host, port, method, agent, path: prefix + target, headers }, (response) => {
    const chunks = [];
    response.on('data', (chunk) => chunks.push(chunk));
    response.on('error', onError);
    response.on('end', () => {
      onResponse({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() });
    });
  });
  request.on('error', onError);
  return request;
}

function call(method, target, body = '', headers = {}) {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body);
    const fields = { 'Content-Type': 'application/json', 'Content-Length': bytes.length, ...headers };
    open(method, target, fields, resolve, reject).end(bytes);
  });
}

/** The payload of an error, which may be anything that can be thrown. */
function describe(error) {
  try {
    const isError = util.types.isNativeError(error)
      || [error.name, error.message, error.stack].every((text) => text && typeof text === 'string');
    if (!isError) return { errorType: typeof error, errorMessage: error.toString(), trace: [] };
    return { errorType: error.name, errorMessage: error.message, trace: error.stack.split('\n') };
  } catch {
    return {
      errorType: 'handled',
      errorMessage: 'callback called with Error argument, but there was a problem while retrieving one or more of its '
        + 'message, name, and stack',
    };
  }
}

function headerText(text) {
  return String(text).replace(/[^\x21-\x7e]/g, '').slice(0, 256);
}

function postError(target, error) {
  const payload = describe(error);
  const headers = { 'Lambda-Runtime-Function-Error-Type': headerText(payload.errorType) };
  return call('POST', target, JSON.stringify(payload), headers);
}

// The console

let requestID;
let tenantID;
const isJSONLog = String(environment.AWS_LAMBDA_LOG_FORMAT).toUpperCase() === 'JSON';

function textLine(level, message, parameters) {
  return `${new Date().toISOString()}\t${requestID}\t${level}\t${util.format(message, ...parameters)}`;
}

function jsonLine(level, message, parameters) {
  const errorFields = (error) => ({
    errorType: error.constructor ? error.constructor.name : 'UnknownError',
    errorMessage: error.message,
    stackTrace: typeof error.stack === 'string' ? error.stack.split('\n') : [],
  });
  const entry = { timestamp: new Date().toISOString(), level, requestId: requestID };
  if (tenantID) entry.tenantId = tenantID;
  if (parameters.length === 0) {
    entry.message = message;
    try {
      return JSON.stringify(entry, (_, value) =>
        value instanceof Error ? Object.assign(errorFields(value), value) : value);
    } catch {
      entry.message = util.format(message);
      return JSON.stringify(entry);
    }
  }
  entry.message = util.format(message, ...parameters);
  const error = [message, ...parameters].find((value) => value instanceof Error);
  return JSON.stringify(error === undefined ? entry : Object.assign(entry, errorFields(error)));
}

function patchConsole() {
  const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
  const lowest = Math.max(0, levels.indexOf(String(environment.AWS_LAMBDA_LOG_LEVEL).toUpperCase()));
  const makeLine = isJSONLog ? jsonLine : textLine;
  levels.forEach((level, index) => {
    console[level.toLowerCase()] = index < lowest
      ? () => {}
      : (message, ...parameters) => { process.stdout.write(makeLine(level, message, parameters) + '\n'); };
  });
  console.log = console.info;
}

/** The error in the log as Lambda has it there. */
function logError(title, value) {
  const error = value instanceof Error ? value : new Error(util.format(value));
  if (isJSONLog) return console.error(error);
  let text;
  try {
    text = JSON.stringify(error, (_, inner) => {
      if (!(inner instanceof Error)) return inner;
      const fields = { errorType: inner.name, errorMessage: inner.message, code: inner.code, ...inner };
      if (typeof inner.stack === 'string') fields.stack = inner.stack.split('\n');
      return fields;
    });
  } catch {
    text = JSON.stringify(describe(error));
  }
  console.error(title, '\t' + text);
}

// Streamed responses

/**
 * What a streaming handler writes to. Its request begins with the first byte, so that an error before it is an error as
 * any other; later ones are in the trailers.
 */
class ResponseStream extends Writable {
  constructor(target, highWaterMark) {
    super(highWaterMark === undefined ? {} : { highWaterMark });
    this._target = target;
    this._contentType = 'application/octet-stream';
    this._isStarted = false;
    this._failure = undefined;
    this._outgoing = undefined;
    this._answer = new Promise((resolve, reject) => { this._settle = { resolve, reject }; });
    // Who waits for the stream is told; nobody has to.
    this._answer.catch(() => {});
    this.on('error', () => {});
  }

  setContentType(contentType) {
    if (this._isStarted) throw new Fault('Runtime.InvalidStreamingOperation', 'Cannot set content-type, too late.');
    this._contentType = contentType;
  }

  write(chunk, encoding, callback) {
    this._start();
    const isPlain = typeof chunk !== 'object' || chunk === null || chunk instanceof Uint8Array;
    return super.write(isPlain ? chunk : JSON.stringify(chunk), encoding, callback);
  }

  end(chunk, encoding, callback) {
    if (typeof chunk === 'function') return this.end(undefined, undefined, chunk);
    if (typeof encoding === 'function') return this.end(chunk, undefined, encoding);
    if (chunk !== undefined && chunk !== null) this.write(chunk, encoding);
    else if (!this.writableEnded) this._start();
    return super.end(callback);
  }

  /** What stands before the first chunk. */
  _start() {
    if (this._isStarted) return;
    this._isStarted = true;
    if (typeof this._onBeforeFirstWrite === 'function') this._onBeforeFirstWrite((part) => super.write(part));
  }

  _open() {
    if (this._outgoing === undefined) {
      const headers = {
        'Content-Type': this._contentType,
        'Lambda-Runtime-Function-Response-Mode': 'streaming',
        'Transfer-Encoding': 'chunked',
        Trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
      };
      const onError = (error) => {
        this._settle.reject(error);
        this.destroy(error);
      };
      this._outgoing = open('POST', this._target, headers, this._settle.resolve, onError);
    }
    return this._outgoing;
  }

  _write(chunk, encoding, callback) {
    this._open().write(chunk, callback);
  }

  _final(callback) {
    this._close().then(() => callback(), callback);
  }

  _close() {
    const outgoing = this._open();
    if (this._failure !== undefined) {
      const payload = describe(this._failure.error);
      outgoing.addTrailers({
        'Lambda-Runtime-Function-Error-Type': headerText(payload.errorType),
        'Lambda-Runtime-Function-Error-Body': Buffer.from(JSON.stringify(payload)).toString('base64'),
      });
    }
    outgoing.end();
    return this._answer;
  }

  /** Ends the response with an error in its trailers; false where no byte has been sent. */
  async fail(error) {
    if (this._outgoing === undefined) {
      this.destroy();
      return false;
    }
    // What is complete stays so.
    if (!this.writableEnded || (this.destroyed && !this.writableFinished)) {
      this._failure = { error };
      // A stream that was destroyed, by its source as a rule, takes no end; its request does.
      if (this.destroyed) this._close(); else super.end();
    }
    await this._answer.catch(() => {});
    return true;
  }
}

class HttpResponseStream {
  /** Puts status, fields and cookies of an HTTP response before what is written to the stream. */
  static from(stream, metadata) {
    stream.setContentType('application/vnd.awslambda.http-integration-response');
    const prelude = JSON.stringify(metadata);
    stream._onBeforeFirstWrite = (write) => {
      write(prelude);
      write(new Uint8Array(8));
    };
    return stream;
  }
}

function offerStreaming() {
  if (['1', 'true'].includes(environment.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA)) return;
  globalThis.awslambda = {
    streamifyResponse: (handler, options) => {
      handler[STREAMING] = 'response';
      if (options && typeof options.highWaterMark === 'number') {
        handler[HIGH_WATER_MARK] = Math.trunc(options.highWaterMark);
      }
      return handler;
    },
    HttpResponseStream,
  };
}

// The handler

/** Whether the nearest package.json makes modules of `.js` files. */
function isModulePackage(folder) {
  while (!folder.endsWith('/node_modules')) {
    const file = path.join(folder, 'package.json');
    if (fs.existsSync(file)) {
      try {
        return JSON.parse(fs.readFileSync(file, 'utf8')).type === 'module';
      } catch (error) {
        console.warn(`${file} cannot be read, it will be ignored for ES module detection purposes.`, error);
        return false;
      }
    }
    if (folder === '/') return false;
    folder = path.dirname(folder);
  }
  return false;
}

/** The file of the handler's module and whether it is an ES module, by Lambda's order of extensions. */
function locate(root, folder, name) {
  const base = path.resolve(root, folder, name);
  const isModule = isModulePackage(path.dirname(base));
  const candidates = [['', false], ['.js', isModule], ['.mjs', true], ['.cjs', false]];
  for (const [extension, isESM] of candidates) {
    if (fs.existsSync(base + extension)) return { file: base + extension, isESM };
  }
  return { file: require.resolve(name, { paths: [root, folder] }), isESM: false };
}

async function importModule(root, folder, name) {
  let found;
  try {
    found = locate(root, folder, name);
    return found.isESM ? await import(pathToFileURL(found.file).href) : require(found.file);
  } catch (error) {
    if (error instanceof SyntaxError) {
      const fault = new Fault('Runtime.UserCodeSyntaxError', String(error));
      fault.stack = (found && found.isESM && placeOfSyntaxError(found.file, error)) || error.stack;
      throw fault;
    }
    if (error && error.code === 'MODULE_NOT_FOUND') throw new Fault('Runtime.ImportModuleError', String(error));
    throw error;
  }
}

/** The stack of a syntax error with its file and line, which Node.js tells of ES modules only to those who die of it. */
function placeOfSyntaxError(file, error) {
  if (!String(error.stack).startsWith('SyntaxError')) return undefined;
  const search = `
    import fs from 'node:fs';
    import vm from 'node:vm';
    const [, start, message] = process.argv;
    const files = new Set([start]);
    for (const file of files) {
      if (files.size > 1000 || !fs.existsSync(new URL(file))) continue;
      const text = fs.readFileSync(new URL(file), 'utf8');
      let module;
      try {
        module = new vm.SourceTextModule(text, { identifier: file });
      } catch (error) {
        if (error.message === message) throw error;
        continue;
      }
      for (const specifier of module.dependencySpecifiers || module.moduleRequests.map((one) => one.specifier)) {
        if (/^\\.{0,2}\\/.*\\.m?js$/.test(specifier)) files.add(new URL(specifier, file).href);
      }
    }`;
  const child = spawnSync(
    process.execPath,
    ['--no-warnings', '--experimental-vm-modules', '--input-type=module', '--eval', search, '--',
      pathToFileURL(file).href, error.message],
    { encoding: 'utf8', env: {}, timeout: 5000, maxBuffer: 1 << 20, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const place = String(child.stderr).split('\nSyntaxError: ')[0];
  return /^file:.*:\d+\n/.test(place) ? `${place}\n${error.stack}` : undefined;
}

async function load(root, handler) {
  if (handler.includes('..')) {
    throw new Fault(
      'Runtime.MalformedHandlerName',
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const base = path.basename(handler);
  const dot = base.indexOf('.');
  if (dot < 0) throw new Fault('Runtime.MalformedHandlerName', 'Bad handler');
  const module = await importModule(root, handler.slice(0, handler.indexOf(base)), base.slice(0, dot));
  const pick = (start) =>
    base.slice(dot + 1).split('.').reduce((value, name) => (value ? value[name] : undefined), start);
  // Since Node.js 24 Lambda looks into what a module exports by default as well.
  const found = pick(module) || (runtimeVersion >= 24 ? pick(module.default) : undefined);
  if (!found) throw new Fault('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw new Fault('Runtime.HandlerNotFound', `${handler} is not a function`);
  const mode = found[STREAMING];
  if (mode && mode !== 'response') {
    throw new Fault('Runtime.MalformedStreamingHandler', 'Only response streaming is supported.');
  }
  if (runtimeVersion >= 24 && !mode && found.length >= 3) {
    throw new Fault(
      'Runtime.CallbackHandlerDeprecated',
      'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need '
        + 'to modify this function to use a supported handler signature to use Node.js 24 or later. For more information '
        + 'see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.',
    );
  }
  return found;
}

function makeContext(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const parse = (name, title) => {
    if (!headers[name]) return undefined;
    try {
      return JSON.parse(Buffer.from(headers[name], 'latin1').toString());
    } catch (error) {
      throw new Error(`Cannot parse ${title} as json: ${error}`);
    }
  };
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parse('lambda-runtime-client-context', 'ClientContext'),
    identity: parse('lambda-runtime-cognito-identity', 'CognitoIdentity'),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    tenantId: headers['lambda-runtime-aws-tenant-id'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

function marshal(result) {
  try {
    const text = JSON.stringify(result === undefined ? null : result);
    return text === undefined ? 'null' : text;
  } catch {
    const message = 'Unable to stringify response body';
    throw runtimeVersion >= 24 ? new Fault('Runtime.JSONStringifyError', message) : new Error(message);
  }
}

const isPromise = (value) => Boolean(value) && typeof value.then === 'function';

/** Waits until nothing is left to do. */
function emptyEventLoop(onEmpty) {
  process.once('beforeExit', onEmpty);
  return () => process.removeListener('beforeExit', onEmpty);
}

/** A handler answers with a promise, through its callback or its context, or not at all; the first answer counts. */
function run(handler, event, context) {
  return new Promise((resolve, reject) => {
    const isAsynchronous = Boolean(handler.constructor) && handler.constructor.name === 'AsyncFunction';
    const stopWaiting = emptyEventLoop(() => {
      if (!isAsynchronous) return resolve(null);
      reject(new Fault(
        'Runtime.NodeJsExit',
        'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise '
          + 'that was never settled. For more information, see '
          + 'https://nodejs.org/docs/latest/api/process.html#process_exit_codes',
      ));
    });
    let isFinished = false;
    const finish = (isFailure, value, waits) => {
      if (isFinished) return;
      isFinished = true;
      stopWaiting();
      if (isFailure) reject(value);
      else if (waits) emptyEventLoop(() => resolve(value));
      else resolve(value);
    };
    const isError = (error) => error !== undefined && error !== null;
    const succeed = (result) => finish(false, result);
    const fail = (error) => finish(true, isError(error) ? error : 'handled');
    const done = (error, result) => finish(isError(error), isError(error) ? error : result);
    const callback = (error, result) =>
      finish(isError(error), isError(error) ? error : result, context.callbackWaitsForEmptyEventLoop);
    try {
      const returned = handler(event, Object.assign(context, { succeed, fail, done }), callback);
      if (isPromise(returned)) returned.then(succeed, fail);
    } catch (error) {
      fail(error);
    }
  });
}

/** A streaming handler returns a promise and ends its stream. */
async function runStreaming(handler, event, context, stream) {
  let stopWaiting;
  const unfinished = new Promise((_, reject) => {
    stopWaiting = emptyEventLoop(() => reject(new Error('Response stream is not finished.')));
  });
  const work = async () => {
    const returned = handler(event, stream, context);
    if (!isPromise(returned)) throw new Error('Streaming does not support non-async handlers.');
    if ((await returned) !== undefined) console.warn('Streaming handlers ignore return values.');
    if (!stream.writableFinished && !stream.destroyed) {
      await new Promise((resolve) => stream.once('finish', resolve).once('close', resolve));
    }
    if (!stream.writableFinished) throw stream.errored || new Error('Response stream is not finished.');
  };
  try {
    await Promise.race([work(), unfinished]);
  } finally {
    stopWaiting();
  }
}

// The life of the process

// What is under way: the start, then each request.
let current = { target: 'init/error', stream: undefined };

async function answer(handler, next) {
  const id = encodeURIComponent(requestID);
  const response = `invocation/${id}/response`;
  current = { target: `invocation/${id}/error`, stream: undefined };
  let context;
  try {
    context = makeContext(next.headers);
    const event = JSON.parse(next.body);
    if (handler[STREAMING]) {
      current.stream = new ResponseStream(response, handler[HIGH_WATER_MARK]);
      await runStreaming(handler, event, context, current.stream);
    } else {
      const result = marshal(await run(handler, event, context));
      const reply = await call('POST', response, result);
      if (reply.status === 413) console.error(`the response of ${Buffer.byteLength(result)} bytes is too large`);
    }
  } catch (error) {
    logError('Invoke Error', error);
    await reportError(error);
  }
  current = undefined;
  if (handler[STREAMING] && context && context.callbackWaitsForEmptyEventLoop) {
    await new Promise((resolve) => emptyEventLoop(resolve));
  }
}

async function reportError(error) {
  if (current.stream !== undefined && await current.stream.fail(error)) return;
  await postError(current.target, error);
}

async function exit(title, error, code) {
  try {
    logError(title, error);
    // Between two requests there is nobody to tell, and the connection is busy with the question for more.
    if (current !== undefined) await reportError(error);
  } finally {
    process.exit(code);
  }
}

process.on('uncaughtException', (error) => exit('Uncaught Exception', error, 129));
process.on('unhandledRejection', (reason, promise) => {
  let message;
  try {
    message = String(reason);
  } catch {
    message = typeof reason;
  }
  const error = new Fault('Runtime.UnhandledPromiseRejection', message, { reason, promise });
  exit('Unhandled Promise Rejection', error, 128);
});

// Not at the top level of the module: an await there would keep `beforeExit` from being told.
async function main() {
  patchConsole();
  offerStreaming();
  let handler;
  try {
    handler = await load(environment.LAMBDA_TASK_ROOT, environment._HANDLER);
  } catch (error) {
    return exit('Uncaught Exception', error, 129);
  }
  current = undefined;
  while (true) {
    const next = await call('GET', 'invocation/next');
    if (next.status !== 200) throw new Error(`the Runtime API answered ${next.status}`);
    requestID = next.headers['lambda-runtime-aws-request-id'];
    tenantID = next.headers['lambda-runtime-aws-tenant-id'];
    const trace = next.headers['lambda-runtime-trace-id'];
    if (trace) environment._X_AMZN_TRACE_ID = trace; else delete environment._X_AMZN_TRACE_ID;
    await answer(handler, next);
  }
}

main();
