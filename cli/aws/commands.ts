// The commands that talk to AWS: bundled apart (dist/cli-aws.js) and loaded by `cli/groups/` when one of them runs, so that
// `check` and `render` need not read the SDK.

export { firstLogin } from "./first-login";
export { notifyRedrive } from "./notify-redrive";
export { notifyResults } from "./notify-results";
export { notifySend } from "./notify-send";
export { openAppliance } from "./open-appliance";
export { publishToTopic } from "./publish-to-topic";
export { readAccountOf } from "./read-account-of";
export { readActivation, readActivationNodes } from "./read-activation";
export { readWatchStatus } from "./read-watch-status";
export { redriveQueue } from "./redrive-queue";
