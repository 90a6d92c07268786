// The Node.js bootstrap against a scripted Runtime API: what it sends, what it prints, how it ends.
//
// usage: node --test Tests/BootstrapTests/bootstrap.test.mjs
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const bootstrap = fileURLToPath(new URL('../../Sources/Host/Bootstraps/bootstrap.mjs', import.meta.url));
const arn = 'arn:aws:lambda:us-east-1:123456789012:function:F';
const prefix = '/2018-06-01/runtime/';
const errorType = 'lambda-runtime-function-error-type';
const errorBody = 'lambda-runtime-function-error-body';
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function event(value = {}, number = 1, headers = {}) {
  return {
    body: JSON.stringify(value),
    headers: {
      'Content-Type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': `request-${number}`,
      'Lambda-Runtime-Deadline-Ms': String(Date.now() + 60000),
      'Lambda-Runtime-Invoked-Function-Arn': arn,
      'Lambda-Runtime-Trace-Id': 'Root=1-2-3',
      ...headers,
    },
  };
}

/** Runs the bootstrap until it asks for more than there is, or ends. */
async function run(files, { events = [event()], handler = 'app.handler', environment = {}, status = 202,
  onFinish = (process_) => process_.kill('SIGKILL') } = {}) {
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'samovar-bootstrap-'));
  const requests = [];
  const waiting = [...events];
  let process_;
  const server = http.createServer((request, response) => {
    if (request.url === `${prefix}invocation/next`) {
      const next = waiting.shift();
      if (next === undefined) {
        onFinish(process_, folder);
        return;
      }
      for (const [name, value] of Object.entries(next.headers)) {
        if (value !== undefined) response.setHeader(name, Buffer.from(value).toString('latin1'));
      }
      // With a text in place of bytes the fields would be sent in UTF-8 twice.
      response.end(Buffer.from(next.body));
      return;
    }
    const entry = { method: request.method, target: request.url.slice(prefix.length), headers: request.headers };
    requests.push(entry);
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('error', () => {});
    request.on('end', () => {
      entry.chunks = chunks.map(String);
      entry.body = Buffer.concat(chunks).toString();
      entry.trailers = request.trailers;
      response.statusCode = status;
      response.end('{"status":"OK"}');
    });
  });
  try {
    for (const [name, text] of Object.entries(typeof files === 'string' ? { 'app.js': files } : files)) {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), text);
    }
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    process_ = spawn(process.execPath, [bootstrap], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${server.address().port}`,
        LAMBDA_TASK_ROOT: folder,
        _HANDLER: handler,
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x',
        AWS_LAMBDA_FUNCTION_NAME: 'name',
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
        AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/name',
        AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
        ...environment,
      },
    });
    const output = [];
    const errors = [];
    process_.stdout.on('data', (chunk) => output.push(chunk));
    process_.stderr.on('data', (chunk) => errors.push(chunk));
    const code = await new Promise((resolve) => process_.on('close', resolve));
    return {
      requests, folder,
      code: code ?? undefined,
      output: Buffer.concat(output).toString(),
      errors: Buffer.concat(errors).toString(),
      lines: Buffer.concat(output).toString().split('\n').slice(0, -1).map((line) => line.split('\t')),
    };
  } finally {
    server.closeAllConnections?.();
    server.close();
    fs.rmSync(folder, { recursive: true });
  }
}

/** The one response to the one event. */
async function result(files, options) {
  const outcome = await run(files, options);
  assert.deepEqual(outcome.requests.map((one) => one.target), ['invocation/request-1/response'], outcome.output);
  return { ...outcome, request: outcome.requests[0], body: outcome.requests[0].body };
}

/** The one error. */
async function error(files, options = {}) {
  const outcome = await run(files, options);
  const target = options.target ?? 'invocation/request-1/error';
  assert.deepEqual(outcome.requests.map((one) => one.target), [target], outcome.output + outcome.errors);
  const payload = JSON.parse(outcome.requests[0].body);
  assert.deepEqual(Object.keys(payload), ['errorType', 'errorMessage', 'trace']);
  assert.equal(outcome.requests[0].headers[errorType], payload.errorType);
  return { ...outcome, payload };
}

const initError = (files, options) => error(files, { ...options, target: 'init/error' });

test('bytes on the wire', async () => {
  const { requests, code } = await run(
    'exports.handler = async (event) => event', { events: [event({ a: 'ü' }), event([2], 2)] });
  assert.deepEqual(requests.map((one) => [one.method, one.target, one.body]), [
    ['POST', 'invocation/request-1/response', '{"a":"ü"}'],
    ['POST', 'invocation/request-2/response', '[2]'],
  ]);
  assert.equal(requests[0].headers['content-type'], 'application/json');
  assert.equal(requests[0].headers['content-length'], '10');
  assert.equal(code, undefined);
});

test('ways to answer', async () => {
  const code = `
    exports.callback = (event, context, callback) => { setTimeout(() => callback(null, 'called'), 1); };
    exports.promise = () => Promise.resolve('promised');
    exports.thenable = () => ({ then: (resolve) => resolve('thenable') });
    exports.nothing = () => {};
    exports.ignored = () => 'what a handler returns that is no promise does not count';
    exports.undefined = async () => {};
    exports.function = async () => () => {};
    exports.succeed = (event, context) => context.succeed('succeeded');
    exports.done = (event, context) => context.done(null, 'done');
    exports.first = (event, context, callback) => { callback(null, 'first'); callback(new Error('second')); };
    exports.both = async (event, context, callback) => { callback(null, 'callback'); return 'promise'; };
    exports.nested = { inner: { handler: async () => 'nested' } };
    `;
  for (const [name, body] of [
    ['callback', '"called"'], ['promise', '"promised"'], ['thenable', '"thenable"'], ['nothing', 'null'],
    ['ignored', 'null'], ['undefined', 'null'], ['function', 'null'], ['succeed', '"succeeded"'], ['done', '"done"'],
    ['first', '"first"'], ['both', '"callback"'], ['nested.inner.handler', '"nested"'],
  ]) {
    assert.equal((await result(code, { handler: `app.${name}` })).body, body, name);
  }
});

test('a callback waits for an empty event loop unless it is told not to', async () => {
  const code = (statement) => `
    exports.handler = (event, context, callback) => {
      ${statement}
      setTimeout(() => console.log('later'), 20);
      callback(null, 'answer');
    };`;
  assert.match((await result(code(''))).output, /\tlater\n/);
  const answer = await result(code('context.callbackWaitsForEmptyEventLoop = false; setInterval(() => {}, 1000);'));
  assert.equal(answer.body, '"answer"');
  assert.equal(answer.output, '');
});

test('a promise that is never settled', async () => {
  const { payload } = await error('exports.handler = async () => new Promise(() => {})');
  assert.equal(payload.errorType, 'Runtime.NodeJsExit');
  assert.match(payload.errorMessage, /unexpected Node.js exit code/);
  assert.equal((await result('exports.handler = () => new Promise(() => {})')).body, 'null');
});

test('errors', async () => {
  const code = `
    exports.thrown = () => { throw new TypeError('thröwn'); };
    exports.rejected = async () => { throw new RangeError('rejected'); };
    exports.called = (event, context, callback) => callback(new SyntaxError('called'));
    exports.text = (event, context, callback) => callback('text');
    exports.failed = (event, context) => context.fail();
    exports.done = (event, context) => context.done(new Error('done'));
    exports.nothing = async () => { throw undefined; };
    exports.object = async () => { throw { statusCode: 500 }; };
    exports.symbol = async () => { throw Object.create(null); };
    `;
  for (const [name, type, message] of [
    ['thrown', 'TypeError', 'thröwn'], ['rejected', 'RangeError', 'rejected'], ['called', 'SyntaxError', 'called'],
    ['text', 'string', 'text'], ['failed', 'string', 'handled'], ['done', 'Error', 'done'],
    ['nothing', 'string', 'handled'], ['object', 'object', '[object Object]'],
  ]) {
    const { payload } = await error(code, { handler: `app.${name}` });
    assert.deepEqual([payload.errorType, payload.errorMessage], [type, message], name);
  }
  const { requests } = await run(code, { handler: 'app.symbol' });
  assert.equal(JSON.parse(requests[0].body).errorType, 'handled');
});

test('payload and log of an error', async () => {
  const { payload, folder, lines, errors } = await error(`
    exports.handler = async () => { throw Object.assign(new TypeError('no'), { code: 'E1', more: 2 }); };`);
  assert.deepEqual(payload.trace.slice(0, 2),
    ['TypeError: no', `    at exports.handler (${folder}/app.js:2:57)`]);
  assert.equal(lines.length, 1);
  const [at, id, level, title, text] = lines[0];
  assert.match(at, time);
  assert.deepEqual([id, level, title], ['request-1', 'ERROR', 'Invoke Error ']);
  assert.deepEqual(JSON.parse(text), {
    errorType: 'TypeError', errorMessage: 'no', code: 'E1', more: 2, stack: payload.trace,
  });
  assert.equal(errors, '');
});

test('what is no JSON', async () => {
  const code = `
    exports.circle = async () => { const a = {}; a.a = a; return a; };
    exports.large = (event, context, callback) => callback(null, 1n);
    `;
  for (const name of ['circle', 'large']) {
    for (const [runtime, type] of [['20', 'Error'], ['24', 'Runtime.JSONStringifyError']]) {
      if (name === 'large' && runtime === '24') continue;
      const environment = { AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${runtime}.x` };
      const { payload } = await error(code, { handler: `app.${name}`, environment });
      assert.deepEqual([payload.errorType, payload.errorMessage], [type, 'Unable to stringify response body']);
    }
  }
});

test('uncaught exceptions', async () => {
  const { payload, code, lines } = await error(`
    exports.handler = () => { setTimeout(() => { throw new Error('later'); }, 1); return new Promise(() => {}); };`);
  assert.deepEqual([payload.errorType, payload.errorMessage, code], ['Error', 'later', 129]);
  assert.equal(lines[0][3], 'Uncaught Exception ');
});

test('unhandled rejections', async () => {
  const { payload, code, lines } = await error(`
    exports.handler = async () => { Promise.reject(new Error('lost')); await new Promise(() => {}); };`);
  assert.deepEqual(
    [payload.errorType, payload.errorMessage, payload.trace[0], code],
    ['Runtime.UnhandledPromiseRejection', 'Error: lost', 'Runtime.UnhandledPromiseRejection: Error: lost', 128]);
  assert.equal(lines[0][3], 'Unhandled Promise Rejection ');
  assert.equal(JSON.parse(lines[0][4]).reason.errorMessage, 'lost');
});

test('an exception between two requests ends the process', async () => {
  const { requests, code, output } = await run(`
    const fs = require('fs');
    exports.handler = async () => { setInterval(() => { if (fs.existsSync('asked')) throw new Error('late'); }, 5); };`,
  { onFinish: (_, folder) => fs.writeFileSync(path.join(folder, 'asked'), '') });
  assert.deepEqual(requests.map((one) => one.target), ['invocation/request-1/response']);
  assert.equal(code, 129);
  assert.match(output, /Uncaught Exception/);
});

test('exits', async () => {
  for (const [code, status] of [['process.exit(3)', 3], ['process.exit()', 0]]) {
    const inHandler = await run(`exports.handler = async () => { ${code}; };`);
    assert.deepEqual([inHandler.requests, inHandler.code], [[], status]);
    const atStart = await run(code);
    assert.deepEqual([atStart.requests, atStart.code], [[], status]);
  }
});

test('a response that is too large', async () => {
  const { requests, lines } = await run(
    'exports.handler = async () => "12345678"', { events: [event(), event({}, 2)], status: 413 });
  assert.equal(requests.length, 2);
  assert.equal(lines[0][3], 'the response of 10 bytes is too large');
});

test('module systems', async () => {
  const esm = 'export const handler = async () => "module";';
  const common = 'module.exports = { handler: async () => "common" };';
  for (const [files, body, handler] of [
    [{ 'app.js': common }, 'common'],
    [{ 'app.js': esm, 'package.json': '{"type": "module"}' }, 'module'],
    [{ 'app.mjs': `await 1; ${esm}` }, 'module'],
    [{ 'app.cjs': common, 'package.json': '{"type": "module"}' }, 'common'],
    [{ 'app.js': common, 'app.mjs': esm }, 'common'],
    [{ app: common }, 'common'],
    [{ 'dir/deep/app.js': common }, 'common', 'dir/deep/app.handler'],
    [{ 'dir/app.js': esm, 'dir/package.json': '{"type": "module"}' }, 'module', './dir/app.handler'],
    [{ 'node_modules/dependency/index.js': common }, 'common', 'dependency.handler'],
  ]) {
    const answer = await result(files, handler === undefined ? {} : { handler });
    assert.equal(answer.body, JSON.stringify(body), JSON.stringify(files));
  }
});

test('modules of the function and of layers', async () => {
  const value = (text) => `module.exports = ${JSON.stringify(text)};`;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'samovar-layer-'));
  fs.mkdirSync(path.join(folder, 'layered'));
  fs.writeFileSync(path.join(folder, 'layered/index.js'), value('layered'));
  try {
    const { body } = await result({
      'app.js': 'exports.handler = async () => [require("./local"), require("own"), require("layered")];',
      'local.js': value('local'),
      'node_modules/own/index.js': value('own'),
    }, { environment: { NODE_PATH: folder } });
    assert.equal(body, '["local","own","layered"]');
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test('errors of loading', async () => {
  for (const [handler, type, message] of [
    ['app', 'Runtime.MalformedHandlerName', /^Bad handler$/],
    ['../app.handler', 'Runtime.MalformedHandlerName', /^'\.\.\/app\.handler' is not a valid handler name\./],
    ['nope.handler', 'Runtime.ImportModuleError', /^Error: Cannot find module 'nope'\n/],
    ['deep.handler', 'Runtime.ImportModuleError', /^Error: Cannot find module 'missing'\n/],
    ['esm.handler', 'Error', /^Cannot find package 'missing' imported from /],
    ['app.absent', 'Runtime.HandlerNotFound', /^app\.absent is undefined or not exported$/],
    ['app.value', 'Runtime.HandlerNotFound', /^app\.value is not a function$/],
    ['failing.handler', 'RangeError', /^at load$/],
  ]) {
    const { payload, code, lines } = await initError({
      'app.js': 'exports.value = 1;', 'deep.js': 'require("missing");', 'esm.mjs': 'import "missing";',
      'failing.js': 'throw new RangeError("at load");',
    }, { handler });
    assert.equal(payload.errorType, type, handler);
    assert.match(payload.errorMessage, message);
    assert.match(payload.trace[0], new RegExp(`^${type}( \\[ERR_MODULE_NOT_FOUND\\])?: `));
    assert.equal(code, 129);
    assert.deepEqual([lines[0][1], lines[0][2], lines[0][3]], ['undefined', 'ERROR', 'Uncaught Exception ']);
  }
});

test('a syntax error has its file and line', async () => {
  for (const [files, place] of [
    [{ 'app.js': '\nconst = 1;' }, 'app.js:2'],
    [{ 'app.mjs': '\nconst = 1;' }, 'app.mjs:2'],
    [{ 'app.mjs': 'import "./lib/a.mjs";', 'lib/a.mjs': 'import "./b.mjs"', 'lib/b.mjs': '\n\nconst = 1' }, 'lib/b.mjs:3'],
    [{ 'app.mjs': 'import { absent } from "./a.mjs";', 'a.mjs': '' }, 'app.mjs:1'],
  ]) {
    const { payload, folder, output } = await initError(files);
    assert.equal(payload.errorType, 'Runtime.UserCodeSyntaxError');
    assert.match(payload.errorMessage, /^SyntaxError: /);
    assert.equal(payload.trace[0].replace('file://', ''), `${folder}/${place}`);
    assert.ok(output.includes(place));
  }
});

test('Node.js 24 takes default exports and no callbacks', async () => {
  const environment = { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' };
  const files = {
    'app.mjs': 'export default { handler: async () => 1 }; export const three = (event, context, callback) => {};',
  };
  assert.equal((await result(files, { environment })).body, '1');
  assert.equal((await initError(files)).payload.errorType, 'Runtime.HandlerNotFound');
  const { payload } = await initError(files, { environment, handler: 'app.three' });
  assert.equal(payload.errorType, 'Runtime.CallbackHandlerDeprecated');
});

test('the context', async () => {
  const { body } = await result(`
    exports.handler = async (event, context) => {
      const left = context.getRemainingTimeInMillis();
      return { ...context, inTime: left > 50000 && left <= 60000 };
    };`, {
    events: [event({}, 1, {
      'Lambda-Runtime-Client-Context': '{"custom":{"a":"ü"}}',
      'Lambda-Runtime-Cognito-Identity': '{"cognitoIdentityId":"id"}',
      'Lambda-Runtime-Aws-Tenant-Id': 'tenant',
    })],
  });
  assert.deepEqual(JSON.parse(body), {
    callbackWaitsForEmptyEventLoop: true, functionVersion: '$LATEST', functionName: 'name', memoryLimitInMB: '128',
    logGroupName: '/aws/lambda/name', logStreamName: 'stream', clientContext: { custom: { a: 'ü' } },
    identity: { cognitoIdentityId: 'id' }, invokedFunctionArn: arn, awsRequestId: 'request-1', tenantId: 'tenant',
    inTime: true,
  });
  const { payload } = await error(
    'exports.handler = async () => 1', { events: [event({}, 1, { 'Lambda-Runtime-Client-Context': '{' })] });
  assert.match(payload.errorMessage, /^Cannot parse ClientContext as json: SyntaxError: /);
});

test('the trace of each request', async () => {
  const { requests } = await run('exports.handler = async () => process.env._X_AMZN_TRACE_ID ?? "none"', {
    events: [event(), event({}, 2, { 'Lambda-Runtime-Trace-Id': undefined })],
  });
  assert.deepEqual(requests.map((one) => one.body), ['"Root=1-2-3"', '"none"']);
});

test('log lines', async () => {
  const code = `
    console.log('at load');
    exports.handler = async () => {
      console.trace('t'); console.debug('d'); console.log('l %d', 1, { a: 1 }); console.info('i');
      console.warn('w'); console.error('two\\nlines'); console.fatal('f');
      process.stdout.write('raw');
    };`;
  const { lines, output } = await result(code);
  assert.match(lines[0][0], time);
  assert.ok(output.endsWith('\nraw'));
  assert.deepEqual(lines.map((fields) => fields.slice(1)), [
    ['undefined', 'INFO', 'at load'], ['request-1', 'TRACE', 't'], ['request-1', 'DEBUG', 'd'],
    ['request-1', 'INFO', 'l 1 { a: 1 }'], ['request-1', 'INFO', 'i'], ['request-1', 'WARN', 'w'],
    ['request-1', 'ERROR', 'two'], [], ['request-1', 'FATAL', 'f'],
  ]);
  const quiet = await result(code, { environment: { AWS_LAMBDA_LOG_LEVEL: 'error' } });
  assert.deepEqual(quiet.lines.map((fields) => fields[2]), ['ERROR', undefined, 'FATAL']);
});

test('log lines in JSON', async () => {
  const { output } = await run(`
    exports.handler = async () => {
      console.log({ an: 'object' });
      console.warn('%s', 'text', new TypeError('with'));
      const circle = {}; circle.circle = circle;
      console.log(circle);
      throw new RangeError('thrown');
    };`, {
    events: [event({}, 1, { 'Lambda-Runtime-Aws-Tenant-Id': 't' })], environment: { AWS_LAMBDA_LOG_FORMAT: 'json' },
  });
  const lines = output.trim().split('\n').map((line) => JSON.parse(line));
  for (const line of lines) assert.match(line.timestamp, time);
  assert.deepEqual({ ...lines[0], timestamp: 0 }, {
    timestamp: 0, level: 'INFO', requestId: 'request-1', tenantId: 't', message: { an: 'object' },
  });
  assert.deepEqual([lines[1].level, lines[1].errorType, lines[1].errorMessage], ['WARN', 'TypeError', 'with']);
  assert.match(lines[2].message, /Circular/);
  assert.deepEqual([lines[3].level, lines[3].message.errorType], ['ERROR', 'RangeError']);
  assert.equal(lines[3].message.stackTrace[0], 'RangeError: thrown');
});

test('a streamed response', async () => {
  const { request } = await result(`
    exports.handler = awslambda.streamifyResponse(async (event, stream, context) => {
      stream.setContentType('text/plain');
      stream.write('one ');
      await new Promise((resolve) => setTimeout(resolve, 20));
      stream.write(Buffer.from('two '));
      stream.write({ three: 3 });
      stream.end(context.awsRequestId);
    });`);
  assert.equal(request.body, 'one two {"three":3}request-1');
  assert.equal(request.chunks[0], 'one ');
  assert.equal(request.headers['lambda-runtime-function-response-mode'], 'streaming');
  assert.equal(request.headers['transfer-encoding'], 'chunked');
  assert.equal(request.headers['content-type'], 'text/plain');
  assert.equal(request.headers.trailer, 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body');
  assert.deepEqual(request.trailers, {});
});

test('ways to stream', async () => {
  const code = `
    const { Readable } = require('stream');
    const { pipeline, finished } = require('stream/promises');
    const stream = awslambda.streamifyResponse;
    exports.pipeline = stream(async (event, stream) => { await pipeline(Readable.from(['a', 'b', 'c']), stream); });
    exports.late = stream(async (event, stream) => { setTimeout(() => stream.end('late'), 20); });
    exports.empty = stream(async (event, stream) => { stream.end(); });
    exports.finished = stream(async (event, stream) => { stream.end('x'); await finished(stream); });
    exports.large = stream(async (event, stream) => {
      for (let n = 0; n < 100; n += 1) if (!stream.write('x'.repeat(100000))) await new Promise((r) => stream.once('drain', r));
      stream.end();
    });
    exports.small = stream(async (event, stream) => { stream.end(String(stream.writableHighWaterMark)); }, { highWaterMark: 7 });
    exports.symbol = async (event, stream) => { stream.end('by symbol'); };
    exports.symbol[Symbol.for('aws.lambda.runtime.handler.streaming')] = 'response';
    `;
  for (const [name, body] of [
    ['pipeline', 'abc'], ['late', 'late'], ['empty', ''], ['finished', 'x'], ['large', 'x'.repeat(10000000)],
    ['small', '7'], ['symbol', 'by symbol'],
  ]) {
    const { request } = await result(code, { handler: `app.${name}` });
    assert.ok(request.body === body, `${name}: ${request.body.slice(0, 100)}`);
    assert.equal(request.headers['content-type'], 'application/octet-stream');
  }
});

test('status and fields before the body', async () => {
  const code = `
    exports.handler = awslambda.streamifyResponse(async (event, stream) => {
      stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { a: 'ü' } });
      stream.write('body');
      stream.end();
    });
    exports.empty = awslambda.streamifyResponse(async (event, stream) => {
      awslambda.HttpResponseStream.from(stream, { statusCode: 204 }).end();
    });`;
  const { request } = await result(code);
  assert.equal(request.headers['content-type'], 'application/vnd.awslambda.http-integration-response');
  assert.equal(request.body, '{"statusCode":201,"headers":{"a":"ü"}}' + '\0'.repeat(8) + 'body');
  assert.equal((await result(code, { handler: 'app.empty' })).body, '{"statusCode":204}' + '\0'.repeat(8));
});

test('errors in the middle of a stream are in its trailers', async () => {
  for (const statements of [
    'stream.write("one"); stream.write("two"); throw new RangeError("midway");',
    'stream.write("one"); stream.write("two"); setTimeout(() => { throw new RangeError("midway"); }, 50); '
      + 'await new Promise(() => {});',
    'const source = async function* () { yield "one"; yield "two"; '
      + 'while (stream.writableLength > 0) await new Promise((resolve) => setTimeout(resolve, 5)); '
      + 'throw new RangeError("midway"); }; await require("stream/promises").pipeline(source, stream);',
  ]) {
    const { request, output } = await result(
      `exports.handler = awslambda.streamifyResponse(async (event, stream) => { ${statements} });`);
    assert.equal(request.body, 'onetwo', statements);
    assert.equal(request.trailers[errorType], 'RangeError');
    const payload = JSON.parse(Buffer.from(request.trailers[errorBody], 'base64').toString());
    assert.deepEqual([payload.errorType, payload.errorMessage], ['RangeError', 'midway']);
    assert.ok(payload.trace[0].startsWith('RangeError: midway'));
    assert.match(output, /"errorMessage":"midway"/);
  }
});

test('errors before the first byte of a stream are errors as any other', async () => {
  for (const [code, message] of [
    ['async () => { throw new Error("early"); }', 'early'],
    ['() => {}', 'Streaming does not support non-async handlers.'],
    ['async () => {}', 'Response stream is not finished.'],
    ['async (event, stream) => { stream.destroy(); }', 'Response stream is not finished.'],
  ]) {
    const { payload } = await error(`exports.handler = awslambda.streamifyResponse(${code});`);
    assert.deepEqual([payload.errorType, payload.errorMessage], ['Error', message]);
  }
});

test('misuse of a stream', async () => {
  const code = 'exports.handler = awslambda.streamifyResponse(async (event, stream) => '
    + '{ stream.write("x"); try { stream.setContentType("a/b"); } catch (error) { stream.end(error.name); } });';
  assert.equal((await result(code)).body, 'xRuntime.InvalidStreamingOperation');
  const { payload } = await initError(
    'exports.handler = async () => {}; exports.handler[Symbol.for("aws.lambda.runtime.handler.streaming")] = "request";');
  assert.equal(payload.errorType, 'Runtime.MalformedStreamingHandler');
});

test('a stream after a stream', async () => {
  const { requests } = await run(
    'exports.handler = awslambda.streamifyResponse(async (event, stream) => { stream.end(JSON.stringify(event)); });',
    { events: [event(1), event(2, 2), event(3, 3)] });
  assert.deepEqual(requests.map((one) => one.body), ['1', '2', '3']);
});
