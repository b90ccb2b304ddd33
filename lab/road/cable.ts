import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** The way to a server on loopback, which can be cut: what stands behind it is then away, and comes back at the same address. */
export class Cable {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private isCut = false;

  constructor(private readonly port: number) {
    this.server = createServer((near) => {
      if (this.isCut) return void near.resetAndDestroy();
      const far = connect(this.port, "127.0.0.1");
      near.pipe(far).pipe(near);
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        // A cut shows on both ends; nobody has to be told twice.
        socket.on("error", () => undefined);
        socket.once("close", () => {
          near.destroy();
          far.destroy();
          this.sockets.delete(socket);
        });
      }
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(0, "127.0.0.1", listening));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  cut(isCut: boolean): void {
    this.isCut = isCut;
    if (isCut) for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((closed) => this.server.close(closed));
  }
}
