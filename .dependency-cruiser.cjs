// Who may import whom: the map of folders in README.md, enforced.
const only = (from, ...to) => ({
  name: `${from}-imports`,
  severity: "error",
  from: { path: `^${from}/` },
  to: {
    path: "^(config|modules|stacks|functions|libreswan|catalog|diagram|cli|lab|test|main)",
    pathNot: [`^${from}/`, ...to.map((path) => `^${path}`)],
  },
});

module.exports = {
  forbidden: [
    only("config"),
    only("libreswan", "config/"),
    only("catalog", "config/"),
    only("diagram", "config/"),
    only(
      "stacks",
      "config/",
      "modules/",
      "functions/[^/]+/(env|model)",
      "functions/common/(alarm-label|alarm-event|watch/|appliance/(settings|environment|down-event|metric-line)\\.ts)",
    ),
    only("modules", "config/values/", "config/proposals", "config/tunnel-parameters"),
    {
      name: "functions-imports",
      severity: "error",
      from: { path: "^functions/([^/]+)/" },
      to: {
        path: "^(config|modules|stacks|functions|libreswan|catalog|diagram|cli|lab|test|main)",
        pathNot: ["^functions/(common|$1)/", "^config/values/"],
      },
    },
    {
      name: "main-imports",
      severity: "error",
      from: { path: "^main\\.ts$" },
      to: { path: "^(modules|libreswan|catalog|diagram|cli|lab|test)/" },
    },
    { name: "cli-imports", severity: "error", from: { path: "^cli/" }, to: { path: "^(modules|lab|test)/" } },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-cross-cloud-modules",
      severity: "error",
      from: { path: "^modules/(aws|oci|azure)/" },
      to: { path: "^modules/(aws|oci|azure)/", pathNot: "^modules/$1/" },
    },
    {
      name: "no-cdktf-in-pure-code",
      severity: "error",
      from: { path: "^(config|libreswan|catalog|diagram)/" },
      to: { path: "node_modules/(cdktf|constructs|@cdktf)/" },
    },
    {
      name: "no-provider-root-imports",
      comment: "A root import costs 5 s and 750 MB; the deep path a few ms.",
      severity: "error",
      from: {},
      to: {
        path: "node_modules/@cdktf/provider-(aws|azurerm|random)/lib/index|node_modules/@cdktf/provider-oci/((lib|dist)/)?index",
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default"] },
  },
};
