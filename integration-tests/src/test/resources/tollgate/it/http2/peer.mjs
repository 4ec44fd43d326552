// Node's HTTP/2 client against the gateway: node peer.mjs BASE [CA-FILE]. Ends with 0 when all is as it must be.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http2 from 'node:http2';

const [base, ca] = process.argv.slice(2);
const authority = 'api.example.com';
const session = http2.connect(base, ca ? { ca: fs.readFileSync(ca), servername: authority } : {});
session.on('error', (error) => { throw error; });

/** Resolves with head, body, trailers and informational heads. */
function ask(headers, { body, trailers, onData } = {}) {
  return new Promise((resolve, reject) => {
    const stream = session.request(
      { ':authority': authority, ...headers }, { endStream: body === undefined, waitForTrailers: trailers !== undefined });
    const answer = { informational: [], body: Buffer.alloc(0), trailers: {} };
    const chunks = [];
    stream.on('headers', (head) => answer.informational.push(head));
    stream.on('response', (head) => { answer.head = head; });
    stream.on('trailers', (fields) => { answer.trailers = fields; });
    stream.on('data', (chunk) => { chunks.push(chunk); onData?.(chunk); });
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.on('error', reject);
    stream.on('close', () => {
      answer.body = Buffer.concat(chunks);
      answer.code = stream.rstCode;
      resolve(answer);
    });
    if (body !== undefined) stream.end(body);
  });
}

const text = (answer) => answer.body.toString();
const sha = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');

async function check(name, steps) {
  await steps();
  console.log(`ok ${name}`);
}

await check('GET', async () => {
  const answer = await ask({ ':path': '/a/ok' });
  assert.equal(answer.head[':status'], 200);
  assert.equal(text(answer), 'ok');
});

await check('HEAD', async () => {
  const answer = await ask({ ':method': 'HEAD', ':path': '/a/ok' });
  assert.equal(answer.head[':status'], 200);
  assert.equal(answer.head['content-length'], '2');
  assert.equal(answer.body.length, 0);
});

await check('POST, large both ways, with and without a length', async () => {
  const body = crypto.randomBytes(5_000_000);
  const known = ask({ ':method': 'POST', ':path': '/a/echo', 'content-length': body.length }, { body });
  const unknown = ask({ ':method': 'POST', ':path': '/a/echo' }, { body });
  for (const answer of [await known, await unknown]) {
    assert.equal(answer.head[':status'], 200);
    assert.equal(sha(answer.body), sha(body));
  }
});

await check('trailers both ways', async () => {
  const answer = await ask(
    { ':method': 'POST', ':path': '/a/trailers', te: 'trailers' }, { body: 'body', trailers: { 'x-sent': 'to the origin' } });
  assert.equal(answer.head[':status'], 200);
  assert.equal(text(answer), 'to the origin');
  assert.equal(answer.trailers['x-given'], 'by the origin');
});

await check('informational answers', async () => {
  const answer = await ask({ ':path': '/a/hints' });
  assert.equal(answer.head[':status'], 200);
  assert.deepEqual(answer.informational.map((head) => head[':status']), [103]);
  assert.equal(answer.informational[0].link, '</style.css>; rel=preload');
});

await check('500 requests at once', async () => {
  const answers = await Promise.all(Array.from({ length: 500 }, (_, i) =>
    ask({ ':method': 'POST', ':path': '/a/echo' }, { body: `number ${i}` })));
  answers.forEach((answer, i) => assert.equal(text(answer), `number ${i}`));
});

await check('server-sent events come one by one', async () => {
  const seen = [];
  const answer = await ask({ ':path': '/a/events', accept: 'text/event-stream' }, { onData: (chunk) => {
    seen.push(chunk.toString());
    if (seen.length === 1) ask({ ':path': '/a/next' }); // only now the origin goes on
  } });
  assert.equal(answer.head['content-type'], 'text/event-stream');
  assert.equal(seen.join(''), 'data: one\n\ndata: two\n\n');
  assert.ok(seen.length >= 2);
});

await check('a stream that is reset is given up at the origin, and nothing else is', async () => {
  const stream = session.request({ ':authority': authority, ':path': '/a/hangs' });
  const closed = new Promise((resolve) => stream.on('close', resolve));
  assert.equal(text(await ask({ ':path': '/a/hangs-now' })), 'yes'); // answered when the origin has it
  stream.close(http2.constants.NGHTTP2_CANCEL);
  await closed;
  assert.equal(text(await ask({ ':path': '/a/hangs-no-more' })), 'yes');
});

await check('PING', async () => {
  await new Promise((resolve, reject) => session.ping((error) => (error ? reject(error) : resolve())));
});

await new Promise((resolve) => session.close(resolve));
console.log('all good');
