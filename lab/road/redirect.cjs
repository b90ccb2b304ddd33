// Loaded before a function's bundle: connections to Oracle's names end at the lab's stand-in instead. Only the name's address
// and port change; TLS, certificates, signatures and the SDK are the real ones. ORACLE_STAND_IN: port on loopback.
const net = require("node:net");

const PORT = Number(process.env.ORACLE_STAND_IN);
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...given) {
  // Node hands its own normalised arguments on as one array.
  const [first] = Array.isArray(given[0]) ? given[0] : given;
  if (typeof first === "object" && /\.oraclecloud\.com$/.test(first.host ?? "")) {
    Object.assign(first, { host: "127.0.0.1", port: PORT });
  }
  return connect.apply(this, given);
};
