// Node's HTTP/2 server as a backend, by prior knowledge: prints its port, and ends with its input.
import http2 from 'node:http2';

let next = () => {};
let begun;
let ended;
const hasBegun = new Promise((resolve) => { begun = resolve; });
const hasEnded = new Promise((resolve) => { ended = resolve; });

function collect(stream) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let trailers = {};
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('trailers', (fields) => { trailers = fields; });
    stream.on('end', () => resolve({ body: Buffer.concat(chunks), trailers }));
    stream.on('error', reject);
  });
}

const paths = {
  '/ok': (stream, headers) => {
    const isHead = headers[':method'] === 'HEAD';
    stream.respond({ ':status': 200, 'content-length': 2 }, { endStream: isHead });
    if (!isHead) stream.end('ok');
  },
  '/echo': async (stream) => {
    const { body } = await collect(stream);
    stream.respond({ ':status': 200 });
    stream.end(body);
  },
  '/trailers': async (stream) => {
    const { trailers } = await collect(stream);
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-given': 'by the origin' }));
    stream.respond({ ':status': 200 }, { waitForTrailers: true });
    stream.end(trailers['x-sent']);
  },
  '/hints': (stream) => {
    stream.additionalHeaders({ ':status': 103, link: '</style.css>; rel=preload' });
    stream.respond({ ':status': 200 });
    stream.end('hinted');
  },
  '/events': (stream) => {
    next = () => stream.end('data: two\n\n');
    stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
    stream.write('data: one\n\n');
  },
  '/next': (stream) => {
    next();
    stream.respond({ ':status': 200 });
    stream.end('next');
  },
  '/hangs': (stream) => {
    stream.on('close', ended);
    begun();
  },
  '/hangs-now': async (stream) => {
    await hasBegun;
    stream.respond({ ':status': 200 });
    stream.end('yes');
  },
  '/hangs-no-more': async (stream) => {
    await hasEnded;
    stream.respond({ ':status': 200 });
    stream.end('yes');
  },
};

const server = http2.createServer();
server.on('stream', (stream, headers) => {
  stream.on('error', () => {}); // of one that is given up
  const answer = paths[headers[':path'].replace(/\?.*/, '')];
  if (answer) {
    Promise.resolve(answer(stream, headers)).catch(() => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR));
  } else {
    stream.respond({ ':status': 404 }, { endStream: true });
  }
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
