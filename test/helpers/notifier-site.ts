import { WHOLE_SITE } from "./whole-site";

/** A sound site with a notifier that has every field but `results.bucket`, one a line. */
export const NOTIFIER_SITE = `${WHOLE_SITE}alarms:
  noc:
    emails:
      - noc@example.ac.jp
notifiers:
  partners:
    region: ap-northeast-1
    alarm: noc
    queue:
      retentionDays: 4
      batchSize: 1000
      batchWindowSeconds: 1
      functions: 10
    function:
      memoryMegabytes: 512
      timeoutSeconds: 120
      calls: 100
      callsPerHost: 25
    request:
      timeoutSeconds: 10
      connectTimeoutSeconds: 3
      redirects: 3
      responseKilobytes: 64
    retry:
      receives: 20
      firstDelaySeconds: 10
      maxDelaySeconds: 3600
      breakerFailures: 5
      breakerSeconds: 60
    destinations:
      hosts:
        - "*.partner.example.com"
      ports:
        - 443
      http: false
      private:
        erp.example.ac.jp:
          - 10.1.2.0/24
      authorities: []
    results:
      retentionDays: 90
      rememberDays: 14
      responseBytes: 0
      query: false
      athena: true
    thresholds:
      oldestMinutes: 30
      deadLetters: 1
      rejectedPercent: 15
    place:
      network: aws/tokyo
      subnets:
        - private
`;
