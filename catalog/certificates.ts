/** A server's certificate, PEM: all that the portable VC controller wants. */
export interface Certificates {
  /** The private CA's certificate, for those who connect. */
  readonly ca: string;
  /** The server's certificate, alone: the CA signed it directly. */
  readonly certificate: string;
  /** The server's private key, PKCS#8, not encrypted. */
  readonly key: string;
}

/** Which server the certificate is for. */
export interface CertificateWish {
  /** Appears in the names of the CA and of the server: the controller's key. */
  readonly name: string;
  readonly privateIp: string;
  readonly dnsName?: string;
}

/** What the certificate holds for: sorted, so that two lists can be compared. */
export interface SubjectNames {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
}

/**
 * The private address is what an SDK elsewhere connects to; 127.0.0.1 and localhost what one on the machine does; occtr and
 * vault are names inside 26.10's compose network.
 * @see https://github.com/nii-gakunin-cloud/ocs-vcp-portable/blob/7044cadfb00b1a9c38e6b9f1e7e012de39b1126f/manual.md (3.2)
 * @see https://github.com/nii-gakunin-cloud/ocs-vcp-portable/blob/40694948d2559fce8eaf49a57cd93f44f5a65f98/tools/create_dummy_cert.sh
 */
export function subjectNames({ privateIp, dnsName }: CertificateWish): SubjectNames {
  return {
    dns: [...new Set(["localhost", "occtr", "vault", ...(dnsName === undefined ? [] : [dnsName])])].sort(),
    ip: [...new Set(["127.0.0.1", privateIp])].sort(),
  };
}
