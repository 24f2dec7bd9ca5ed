import { connect, type Socket } from "node:net";

export interface HttpAnswer {
  status: number;
  body: string;
}

/** A kept-alive connection that one request at a time goes over. */
export interface Connection {
  ask: (request: string) => Promise<HttpAnswer>;
  close: () => void;
}

/** Opens a connection to a port of this machine. */
export async function connectTo(port: number): Promise<Connection> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve).once("error", reject);
  });
  return readAnswers(socket);
}

function readAnswers(socket: Socket): Connection {
  let received = "";
  let waiting: { resolve: (answer: HttpAnswer) => void; reject: (error: Error) => void } | null =
    null;
  // One byte a character, so that lengths are those of the wire.
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    received += chunk;
    const answer = parseAnswer(received);
    if (!answer || !waiting) return;
    received = "";
    waiting.resolve(answer);
    waiting = null;
  });
  const fail = () => waiting?.reject(new Error("the server closed the connection"));
  socket.on("error", fail).on("close", fail);
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request, "latin1");
      }),
    close: () => socket.destroy(),
  };
}

const CHUNKS_END = "\r\n0\r\n\r\n";

/** The answer, once all of it is there. */
export function parseAnswer(received: string): HttpAnswer | null {
  const headersEnd = received.indexOf("\r\n\r\n");
  if (headersEnd < 0) return null;
  const headers = received.slice(0, headersEnd).toLowerCase();
  const body = received.slice(headersEnd + 4);
  const status = Number(headers.slice(9, 12));
  const length = /\r\ncontent-length: (\d+)/.exec(headers)?.[1];
  const isWhole =
    length === undefined
      ? status === 204 || body.endsWith(CHUNKS_END) || body === "0\r\n\r\n"
      : body.length >= Number(length);
  return isWhole ? { status, body } : null;
}
