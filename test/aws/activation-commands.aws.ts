import { resolve } from "node:path";
import { runCli } from "../helpers/run-cli";
import { ask, startWorld, type World } from "./activations-world";

const SITE = resolve("examples/everything/site.yaml");
const worlds: World[] = [];
const moto = process.env.AWS_ENDPOINT_URL;

async function world(): Promise<World> {
  const made = await startWorld();
  worlds.push(made);
  // The commands' SDK finds the account by it.
  process.env.AWS_ENDPOINT_URL = made.front.url;
  return made;
}

afterEach(async () => {
  process.env.AWS_ENDPOINT_URL = moto;
  for (const one of worlds.splice(0)) await one.stop();
});

const activations = (...words: string[]) => runCli(["activations", words[0] ?? "", "servers", SITE, ...words.slice(1)]);
const json = async (...words: string[]) => JSON.parse((await activations(...words, "--json")).out);

test("status tells that there is none, then what was handed out and what has registered, and no code", async () => {
  const here = await world();
  expect(await activations("status")).toEqual({
    code: 0,
    err: "",
    out: "activations.servers: none made yet; the first server that asks has one made\n",
  });
  const { body } = await ask(here, "web-1");
  await ask(here, "web-2");
  here.service.register(body.activationId, body.activationCode);
  const told = await activations("status");
  expect(told).toEqual({
    code: 0,
    err: "",
    out: [
      "activations.servers",
      `  activation  ${body.activationId}`,
      `  expires     ${body.expiresAt}`,
      "  handed out  2 of 50",
      "  registered  1",
      "  condition   good",
      "",
    ].join("\n"),
  });
  expect(told.out).not.toContain(body.activationCode);
  here.service.activations.delete(body.activationId);
  expect((await activations("status")).out).toContain("  registered  Systems Manager does not know it\n");
});

test("renew makes the next one at once; the code that is out stays good", async () => {
  const here = await world();
  const { body: first } = await ask(here, "web-1");
  const told = await json("renew");
  expect(told).toMatchObject({
    ok: true,
    activation: "servers",
    region: "ap-northeast-1",
    handedOut: 0,
    registered: 0,
  });
  expect(told.activationId).not.toBe(first.activationId);
  expect(told.retired).toEqual([expect.objectContaining({ activationId: first.activationId, handedOut: 1 })]);
  expect(here.service.register(first.activationId, first.activationCode)).toMatch(/^mi-/);
  expect((await ask(here, "web-2")).body.activationId).toBe(told.activationId);
});

test("renew fails loudly, with nothing changed, where Systems Manager refuses or somebody holds the lease", async () => {
  const here = await world();
  await ask(here, "web-1");
  const before = await json("status");
  here.front.faults.set("CreateActivation", { error: "ThrottlingException" });
  expect(await activations("renew")).toEqual({
    code: 2,
    out: "",
    err: "the function demo-activations-servers could not do it: throttled: ThrottlingException\n",
  });
  here.front.faults.clear();
  expect(await json("status")).toEqual(before);
});

test("nodes tells what registered with what, whether it answers, and none of another role", async () => {
  const here = await world();
  expect((await activations("nodes")).out).toBe("activations.servers: no server has registered\n");
  const { body } = await ask(here, "web-1");
  const id = here.service.register(body.activationId, body.activationCode) as string;
  here.service.nodes.push({ InstanceId: "mi-other", ActivationId: "x", PingStatus: "Online", IamRole: "another" });
  const told = await activations("nodes");
  expect(told.code).toBe(0);
  expect(told.out.split("\n")).toEqual([
    "activations.servers: 1 registered, 1 online",
    expect.stringMatching(/^ {2}node +name +address +ping +last ping +platform +agent +activation$/),
    expect.stringMatching(
      new RegExp(
        `^  ${id}  server-\\w{4}  10\\.0\\.2\\.7  Online  \\S+Z  Debian GNU/Linux 12  \\S+  ${body.activationId}$`,
      ),
    ),
    "",
  ]);
  expect((await json("nodes")).nodes).toMatchObject([{ id, ping: "Online", activationId: body.activationId }]);
});

test("an account without the function is told as such", async () => {
  const here = await world();
  here.front.functions.clear();
  const told = await activations("status");
  expect(told).toMatchObject({ code: 2, out: "" });
  expect(told.err).toMatch(/^AWS did not answer lambda:InvokeFunction: ResourceNotFoundException/);
});
