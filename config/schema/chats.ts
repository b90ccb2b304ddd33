import * as z from "zod";
import { parseCaCertificate } from "../values/ca-certificate";
import { ipAddress, oneOf, plainText, secretRef, text } from "./fields";

/** A chat server that a relay speaks to. */
export const chat = z
  .strictObject({
    description: plainText("For people.").optional(),
    type: oneOf(
      ["mattermost", "rocketchat", "slack", "teams", "zulip", "matrix", "json"],
      "What the server speaks; json is a plain webhook that gets the neutral event.",
    ),
    url: secretRef("The webhook's URL, with whatever secret stands in it."),
    token: secretRef(
      "What the server wants beside the URL: Zulip's user and API key, Matrix' access token.",
    ).optional(),
    channel: plainText(
      "Where to write, if the URL does not say: a channel, a stream, a room.",
      "town-square",
    ).optional(),
    language: oneOf(["en", "ja"], "The messages' language.").default("en"),
    address: ipAddress(
      "The server's address behind the controller: all that the notifier may reach there. Left out for a service on the Internet.",
      "10.0.2.30",
    ).optional(),
    port: z.number().int().min(1).max(65535).default(443).meta({ description: "The server's TCP port." }),
    ca: text(parseCaCertificate, {
      description:
        "Certificates in PEM of the authority that signed the server's own. Default: the public authorities.",
    }).optional(),
  })
  .meta({ description: "A chat server of the site." });

export type ChatInput = z.output<typeof chat>;
