// An origin ("origin": prints its port) and a client ("client URL": prints what came back) in
// Node: the second implementation of WebSockets that the gateway is tried with.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

function origin() {
  const server = createServer((_, response) => response.end('ordinary'));
  server.on('upgrade', (request, socket) => {
    const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + GUID).digest('base64');
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${accept}\r\n\r\n`);
    let input = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (piece) => {
      input = Buffer.concat([input, piece]);
      for (let frame = next(); frame; frame = next()) {
        socket.write(frame);
        if ((frame[0] & 15) === 8) {
          socket.end();
        }
      }
    });
    // The first whole frame, unmasked.
    function next() {
      if (input.length < 2) {
        return null;
      }
      let length = input[1] & 127;
      let at = 2;
      if (length === 126) {
        length = input.length < 4 ? Infinity : input.readUInt16BE(2);
        at = 4;
      } else if (length === 127) {
        length = input.length < 10 ? Infinity : Number(input.readBigUInt64BE(2));
        at = 10;
      }
      if (input.length < at + 4 + length) {
        return null;
      }
      const mask = input.subarray(at, at + 4);
      const payload = Buffer.from(input.subarray(at + 4, at + 4 + length)).map((b, i) => b ^ mask[i & 3]);
      const head = Buffer.from(input.subarray(0, at));
      head[1] &= 127;
      input = input.subarray(at + 4 + length);
      return Buffer.concat([head, payload]);
    }
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
}

function client(url) {
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  const large = new Uint8Array(300000).map((_, i) => i * 7);
  socket.onopen = () => {
    socket.send('Grüße, 世界 🌍');
    socket.send(large);
  };
  socket.onmessage = ({ data }) => {
    if (typeof data === 'string') {
      console.log(`text ${data}`);
    } else {
      const same = Buffer.from(data).equals(Buffer.from(large));
      console.log(`binary ${data.byteLength} ${same}`);
      socket.close(3001, 'enough');
    }
  };
  socket.onclose = ({ code, reason }) => console.log(`close ${code} ${reason}`);
  socket.onerror = ({ message }) => console.log(`error ${message}`);
}

if (process.argv[2] === 'origin') {
  origin();
} else {
  client(process.argv[3]);
}
