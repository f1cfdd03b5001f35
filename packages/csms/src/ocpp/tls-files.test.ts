import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type IssuedPair,
  openAuthority,
  type TestAuthority,
} from "../../../websocket/src/server/certificates/authority.fixture.ts";
import { hasOpenssl } from "../../../websocket/src/server/certificates/certificates.fixture.ts";
import { testConfiguration } from "../config/configuration.fixture.ts";
import { keptLog } from "../observability/kept-log.fixture.ts";
import { readTls } from "./tls-files.ts";

const available = hasOpenssl();
if (!available) process.stderr.write("SKIPPED: the test of overdue revocation lists needs the openssl command\n");

describe.skipIf(!available)("the files of the listener for stations", () => {
  let authority: TestAuthority;
  let server: IssuedPair;

  beforeAll(() => {
    authority = openAuthority();
    server = authority.issue({ subject: "/CN=localhost" });
  }, 60_000);

  afterAll(() => {
    authority.close();
  });

  it("are reported once each where the successors of revocation lists in them are overdue", () => {
    const list = authority.revoke();
    const settings = {
      ...testConfiguration().webSocket.tls,
      cert: [server.certFile],
      key: [server.keyFile],
      ca: [authority.caFile],
      revocationLists: [list],
    };
    const log = keptLog();
    const inTime = readTls(settings, log, Date.now());
    expect([inTime.crl?.length, log.lines]).toEqual([1, []]);
    readTls(settings, log, Date.now() + 2 * 86_400_000);
    expect(log.lines.map(({ fields }) => fields)).toEqual([{ file: list }]);
  });
});
