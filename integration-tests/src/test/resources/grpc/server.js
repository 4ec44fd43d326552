// A gRPC server by @grpc/grpc-js. Messages are bytes: no schema is needed to carry them.
// node server.js [CERT KEY]; prints "PORT n", then a line for each thing that tests wait for.
const grpc = require('@grpc/grpc-js');
const fs = require('fs');

const same = (bytes) => bytes;
const method = (name, requestStream, responseStream) => ({
  path: '/demo.Echo/' + name,
  requestStream,
  responseStream,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
});
const seen = (call) => {
  const head = new grpc.Metadata();
  head.set('x-seen', String(call.metadata.get('x-ask')[0]));
  head.set('x-forwarded', String(call.metadata.get('x-forwarded-host')[0]));
  call.sendMetadata(head);
};
const trailer = (text) => {
  const trailers = new grpc.Metadata();
  trailers.set('x-trailer', text);
  trailers.set('x-note-bin', Buffer.from([0, 255, 1]));
  return trailers;
};
const onCancelled = (call, name) => call.on('cancelled', () => console.log('CANCELLED ' + name));

const service = {
  unary: method('Unary', false, false),
  collect: method('Collect', true, false),
  split: method('Split', false, true),
  chat: method('Chat', true, true),
  fail: method('Fail', false, false),
  left: method('Left', false, false),
  hang: method('Hang', false, false),
  oneAndHang: method('OneAndHang', false, true),
  oneAndBig: method('OneAndBig', false, true),
  oneAndDrop: method('OneAndDrop', false, true),
};

const answers = {
  unary: (call, done) => {
    seen(call);
    done(null, call.request, trailer('done'));
  },
  collect: (call, done) => {
    const parts = [];
    call.on('data', (part) => parts.push(part));
    call.on('end', () => done(null, Buffer.concat(parts), trailer(parts.length + ' parts')));
  },
  split: (call) => {
    for (const byte of call.request) {
      call.write(Buffer.from([byte]));
    }
    call.end(trailer('split'));
  },
  chat: (call) => {
    seen(call);
    call.on('data', (part) => call.write(Buffer.from(part.toString().toUpperCase())));
    call.on('end', () => call.end(trailer('bye')));
  },
  fail: (call, done) => {
    const text = call.request.toString();
    const colon = text.indexOf(':');
    const code = Number(text.substring(0, colon));
    done({ code, details: text.substring(colon + 1), metadata: trailer('failed') });
  },
  left: (call, done) => {
    const deadline = call.getDeadline();
    done(null, Buffer.from(deadline === Infinity ? 'none' : String(deadline - Date.now())));
  },
  hang: (call) => onCancelled(call, 'Hang'),
  oneAndHang: (call) => {
    onCancelled(call, 'OneAndHang');
    call.write(Buffer.from('one'));
  },
  oneAndBig: (call) => {
    call.write(Buffer.from('one'));
    call.write(Buffer.alloc(Number(call.request.toString())));
    call.end();
  },
  oneAndDrop: (call) => {
    call.write(Buffer.from('one'));
    setTimeout(() => process.exit(0), 300);
  },
};

// What its health service says: a message with the status SERVING (1) or NOT_SERVING (2).
let health = 1;
process.stdin.on('data', (line) => (health = Number(line.toString().trim())));
process.stdin.on('end', () => process.exit(0));
const check = {
  check: {
    path: '/grpc.health.v1.Health/Check',
    requestStream: false,
    responseStream: false,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  },
};

const server = new grpc.Server({
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
});
server.addService(service, answers);
server.addService(check, {
  check: (call, done) => {
    console.log('CHECKED ' + call.request.toString('hex'));
    done(null, Buffer.from([8, health]));
  },
});
const [cert, key] = process.argv.slice(2);
const credentials = cert
  ? grpc.ServerCredentials.createSsl(null, [
      { cert_chain: fs.readFileSync(cert), private_key: fs.readFileSync(key) },
    ])
  : grpc.ServerCredentials.createInsecure();
server.bindAsync('127.0.0.1:0', credentials, (error, port) => {
  if (error) {
    throw error;
  }
  console.log('PORT ' + port);
});
