import type { TreeFile } from "../../config/tree-file";
import metricsUnit from "./kakehashi-metrics.service.tmpl";
import metrics from "./kakehashi-metrics.sh";
import metricsTimer from "./kakehashi-metrics.timer.tmpl";
import cloudWatch from "./metrics/cloudwatch.awk.tmpl";
import mackerel from "./metrics/mackerel.awk.tmpl";
import monit from "./metrics/monit.awk.tmpl";
import munin from "./metrics/munin.awk.tmpl";
import nagios from "./metrics/nagios.awk.tmpl";
import pandora from "./metrics/pandora.awk.tmpl";
import prometheus from "./metrics/prometheus.awk.tmpl";
import prometheusRules from "./metrics/prometheus-rules.yml.tmpl";
import putMetricData from "./metrics/put-metric-data.py.tmpl";
import read from "./metrics/read.awk.tmpl";
import zabbix from "./metrics/zabbix.awk.tmpl";
import zabbixAgent from "./metrics/zabbix-agent.conf.tmpl";
import zabbixTemplate from "./metrics/zabbix-template.yaml.tmpl";

/** kakehashi-metrics, its timer, and files for the site's own monitoring: the same on every controller. Nothing of it runs unless asked for. */
export const METRICS_FILES: readonly TreeFile[] = [
  { path: "usr/local/sbin/kakehashi-metrics", content: metrics, mode: 0o755 },
  text("etc/systemd/system/kakehashi-metrics.service", metricsUnit),
  text("etc/systemd/system/kakehashi-metrics.timer", metricsTimer),
  part("cloudwatch.awk", cloudWatch),
  part("mackerel.awk", mackerel),
  part("monit.awk", monit),
  part("munin.awk", munin),
  part("nagios.awk", nagios),
  part("pandora.awk", pandora),
  part("prometheus.awk", prometheus),
  part("put-metric-data.py", putMetricData),
  part("read.awk", read),
  part("zabbix.awk", zabbix),
  text("usr/local/share/kakehashi/prometheus-rules.yml", prometheusRules),
  text("usr/local/share/kakehashi/zabbix-agent.conf", zabbixAgent),
  text("usr/local/share/kakehashi/zabbix-template.yaml", zabbixTemplate),
];

function part(name: string, content: string): TreeFile {
  return text(`usr/local/lib/kakehashi/metrics/${name}`, content);
}

function text(path: string, content: string): TreeFile {
  return { path, content, mode: 0o644 };
}
