// One call by @grpc/grpc-js. node client.js JSON; prints what came of it as JSON.
// {target, ca, name, path, kind, send: [text], deadline: ms, metadata, turns, cancelAfter: messages}
const grpc = require('@grpc/grpc-js');
const fs = require('fs');

const asked = JSON.parse(process.argv[2]);
const same = (bytes) => bytes;
const options = {
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
  'grpc.enable_retries': 0,
};
if (asked.name) {
  options['grpc.ssl_target_name_override'] = asked.name;
  options['grpc.default_authority'] = asked.name;
}
const credentials = asked.ca
  ? grpc.credentials.createSsl(fs.readFileSync(asked.ca))
  : grpc.credentials.createInsecure();
const client = new grpc.Client(asked.target, credentials, options);
const metadata = new grpc.Metadata();
for (const [name, value] of Object.entries(asked.metadata || {})) {
  metadata.set(name, value);
}
const callOptions = asked.deadline === undefined ? {} : { deadline: Date.now() + asked.deadline };
const sent = (asked.send || []).map((text) =>
  typeof text === 'number' ? Buffer.alloc(text) : Buffer.from(text)
);
const result = { messages: [], metadata: {} };

const finish = (status) => {
  result.code = status.code;
  result.details = status.details;
  result.trailers = {};
  for (const name of Object.keys(status.metadata.getMap())) {
    const value = status.metadata.get(name)[0];
    result.trailers[name] = Buffer.isBuffer(value) ? value.toString('hex') : value;
  }
  console.log(JSON.stringify(result));
  client.close();
};
const isStreamIn = asked.kind === 'client' || asked.kind === 'bidi';
const isStreamOut = asked.kind === 'server' || asked.kind === 'bidi';
const got = (message) =>
  result.messages.push(message.length > 1000 ? String(message.length) : message.toString());
const answered = (error, message) => {
  if (message) {
    got(message);
  }
};

let call;
if (asked.kind === 'unary') {
  call = client.makeUnaryRequest(
    asked.path, same, same, sent[0], metadata, callOptions, answered);
} else if (asked.kind === 'client') {
  call = client.makeClientStreamRequest(asked.path, same, same, metadata, callOptions, answered);
} else if (asked.kind === 'server') {
  call = client.makeServerStreamRequest(asked.path, same, same, sent[0], metadata, callOptions);
} else {
  call = client.makeBidiStreamRequest(asked.path, same, same, metadata, callOptions);
}
call.on('metadata', (head) => (result.metadata = head.getMap()));
call.on('status', finish);
call.on('error', () => {});
let next = 0;
if (isStreamOut) {
  call.on('data', (message) => {
    got(message);
    if (result.messages.length === asked.cancelAfter) {
      call.cancel();
    } else if (asked.turns) {
      next < sent.length ? call.write(sent[next++]) : call.end();
    }
  });
}
if (asked.kind === 'unary' && asked.cancelAfter === 0) {
  setTimeout(() => call.cancel(), 300);
}
if (isStreamIn) {
  if (asked.turns) {
    call.write(sent[next++]);
  } else {
    sent.forEach((message) => call.write(message));
    call.end();
  }
}
