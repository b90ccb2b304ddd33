import type {
  VpnConnectionConfig,
  VpnConnectionTunnel1LogOptionsCloudwatchLogOptions,
} from "@cdktf/provider-aws/lib/vpn-connection";
import type { Proposal } from "../../config/proposals";
import type { TunnelParameters } from "../../config/tunnel-parameters";
import { type AwsProposal, toAwsProposal } from "./aws-proposal";

/** Everything that AWS lets one say about a tunnel. */
export interface AwsTunnelOptions extends AwsProposal {
  readonly insideCidr: string;
  readonly presharedKey: string;
  readonly ikeVersions: string[];
  readonly phase1LifetimeSeconds: number;
  readonly phase2LifetimeSeconds: number;
  readonly rekeyMarginTimeSeconds: number;
  readonly rekeyFuzzPercentage: number;
  readonly replayWindowSize: number;
  readonly dpdTimeoutSeconds: number;
  readonly dpdTimeoutAction: "clear" | "restart";
  readonly startupAction: "add" | "start";
  readonly logOptions: VpnConnectionTunnel1LogOptionsCloudwatchLogOptions;
}

/** Packets; Libreswan's own window is 128. */
const REPLAY_WINDOW_SIZE = 1_024;

export interface AwsTunnelPlanProps {
  readonly insideCidr: string;
  readonly presharedKey: string;
  readonly isBehindNat: boolean;
  readonly hasBgp: boolean;
  readonly proposals: readonly Proposal[];
  readonly parameters: TunnelParameters;
  readonly logGroupArn: string;
}

/** A controller behind NAT starts its tunnels itself; AWS can start those to any other. */
export function planTunnelOptions(props: AwsTunnelPlanProps): AwsTunnelOptions {
  const { parameters, isBehindNat, hasBgp, logGroupArn } = props;
  return {
    ...toAwsProposal(props.proposals),
    insideCidr: props.insideCidr,
    presharedKey: props.presharedKey,
    ikeVersions: ["ikev2"],
    phase1LifetimeSeconds: parameters.ikeLifetimeSeconds,
    phase2LifetimeSeconds: parameters.childLifetimeSeconds,
    rekeyMarginTimeSeconds: parameters.cloudRekeyMarginSeconds,
    rekeyFuzzPercentage: parameters.cloudRekeyFuzzPercent,
    replayWindowSize: REPLAY_WINDOW_SIZE,
    dpdTimeoutSeconds: parameters.cloudDpdTimeoutSeconds,
    dpdTimeoutAction: isBehindNat ? "clear" : "restart",
    startupAction: isBehindNat ? "add" : "start",
    logOptions: {
      logEnabled: true,
      logGroupArn,
      logOutputFormat: "json",
      bgpLogEnabled: hasBgp,
      bgpLogGroupArn: hasBgp ? logGroupArn : undefined,
      bgpLogOutputFormat: hasBgp ? "json" : undefined,
    },
  };
}

// AWS numbers its arguments. They are written out twice so that the compiler checks each of them.

export function toTunnel1Options(options: AwsTunnelOptions): Partial<VpnConnectionConfig> {
  return {
    tunnel1InsideCidr: options.insideCidr,
    tunnel1PresharedKey: options.presharedKey,
    tunnel1IkeVersions: options.ikeVersions,
    tunnel1Phase1EncryptionAlgorithms: options.phase1EncryptionAlgorithms,
    tunnel1Phase1IntegrityAlgorithms: options.phase1IntegrityAlgorithms,
    tunnel1Phase1DhGroupNumbers: options.phase1DhGroupNumbers,
    tunnel1Phase1LifetimeSeconds: options.phase1LifetimeSeconds,
    tunnel1Phase2EncryptionAlgorithms: options.phase2EncryptionAlgorithms,
    tunnel1Phase2IntegrityAlgorithms: options.phase2IntegrityAlgorithms,
    tunnel1Phase2DhGroupNumbers: options.phase2DhGroupNumbers,
    tunnel1Phase2LifetimeSeconds: options.phase2LifetimeSeconds,
    tunnel1RekeyMarginTimeSeconds: options.rekeyMarginTimeSeconds,
    tunnel1RekeyFuzzPercentage: options.rekeyFuzzPercentage,
    tunnel1ReplayWindowSize: options.replayWindowSize,
    tunnel1DpdTimeoutSeconds: options.dpdTimeoutSeconds,
    tunnel1DpdTimeoutAction: options.dpdTimeoutAction,
    tunnel1StartupAction: options.startupAction,
    tunnel1LogOptions: { cloudwatchLogOptions: options.logOptions },
  };
}

export function toTunnel2Options(options: AwsTunnelOptions): Partial<VpnConnectionConfig> {
  return {
    tunnel2InsideCidr: options.insideCidr,
    tunnel2PresharedKey: options.presharedKey,
    tunnel2IkeVersions: options.ikeVersions,
    tunnel2Phase1EncryptionAlgorithms: options.phase1EncryptionAlgorithms,
    tunnel2Phase1IntegrityAlgorithms: options.phase1IntegrityAlgorithms,
    tunnel2Phase1DhGroupNumbers: options.phase1DhGroupNumbers,
    tunnel2Phase1LifetimeSeconds: options.phase1LifetimeSeconds,
    tunnel2Phase2EncryptionAlgorithms: options.phase2EncryptionAlgorithms,
    tunnel2Phase2IntegrityAlgorithms: options.phase2IntegrityAlgorithms,
    tunnel2Phase2DhGroupNumbers: options.phase2DhGroupNumbers,
    tunnel2Phase2LifetimeSeconds: options.phase2LifetimeSeconds,
    tunnel2RekeyMarginTimeSeconds: options.rekeyMarginTimeSeconds,
    tunnel2RekeyFuzzPercentage: options.rekeyFuzzPercentage,
    tunnel2ReplayWindowSize: options.replayWindowSize,
    tunnel2DpdTimeoutSeconds: options.dpdTimeoutSeconds,
    tunnel2DpdTimeoutAction: options.dpdTimeoutAction,
    tunnel2StartupAction: options.startupAction,
    tunnel2LogOptions: { cloudwatchLogOptions: options.logOptions },
  };
}
