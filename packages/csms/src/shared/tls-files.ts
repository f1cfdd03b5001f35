import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { type RevocationList, readRevocationLists, subjectName } from "@ocpp/websocket/server";

/** The files of a listener that speaks TLS. */
export interface TlsFiles {
  readonly cert: readonly string[];
  readonly key: readonly string[];
  /** The authorities that sign the certificates of clients. */
  readonly ca?: readonly string[];
  /** The revocation lists of those authorities. */
  readonly revocationLists?: readonly string[];
}

/** What is in them. */
export interface TlsContents {
  readonly cert: Buffer[];
  readonly key: Buffer[];
  readonly ca: Buffer[];
  readonly crl: string[];
  /** When the successors of the revocation lists are due, in milliseconds since 1970, by file; a list that does not say is left out. */
  readonly successorsDue: readonly { readonly file: string; readonly at: number }[];
}

const certificateBlock = /-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]*-----END CERTIFICATE-----/g;

/** The certificates in a file. Throws where there is none. */
function certificatesIn(contents: Buffer): X509Certificate[] {
  const blocks = contents.toString("latin1").match(certificateBlock);
  if (blocks === null) throw new Error("there is no certificate as PEM in it");
  return blocks.map((text) => new X509Certificate(text));
}

/** Reads each file and makes something of it; an error names the setting, the file, and what was wrong with it. */
function readEach<T>(setting: string, files: readonly string[], what: string, make: (contents: Buffer) => T) {
  return files.map((file) => {
    let contents: Buffer;
    try {
      contents = readFileSync(file);
    } catch (cause) {
      throw new Error(`${setting}: the file ${file} cannot be read (${String(Reflect.get(Object(cause), "code"))})`, {
        cause,
      });
    }
    try {
      return { file, contents, made: make(contents) };
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`${setting}: the file ${file} holds no ${what} that can be used (${why})`, { cause });
    }
  });
}

/** The name of a certificate's subject for people, on one line. */
function named(certificate: X509Certificate): string {
  return certificate.subject.replaceAll("\n", ", ");
}

/**
 * Reads the files of a listener and checks that they are what they should be: certificates with the keys that belong to them,
 * authorities, and for each of those a revocation list, where there are any; without one, every certificate of an authority
 * would be refused. `setting` is where the configuration names them, such as `webSocket.tls`. Throws an Error that names the
 * setting, the file and the cause.
 */
export function readTlsFiles(setting: string, files: TlsFiles): TlsContents {
  const { cert, key, ca = [], revocationLists = [] } = files;
  const certificates = readEach(`${setting}.cert`, cert, "certificate", certificatesIn);
  const keys = readEach(`${setting}.key`, key, "private key", (contents): KeyObject => createPrivateKey(contents));
  for (const [index, { file, made }] of certificates.entries()) {
    const own = keys[index];
    if (own !== undefined && made[0]?.checkPrivateKey(own.made) !== true) {
      throw new Error(`${setting}: the key in ${own.file} does not belong to the certificate in ${file}`);
    }
  }
  const authorities = readEach(`${setting}.ca`, ca, "certificate", certificatesIn);
  const lists = readEach(`${setting}.revocationLists`, revocationLists, "revocation list", readRevocationLists);
  const all: RevocationList[] = lists.flatMap(({ made }) => made);
  if (all.length > 0) {
    for (const { file, made } of authorities) {
      const without = made.find((authority) => !all.some(({ issuer }) => issuer.equals(subjectName(authority))));
      if (without === undefined) continue;
      throw new Error(
        `${setting}.revocationLists: there is no list of ${named(without)}, an authority in ${file}: add one, or all of its certificates would be refused`,
      );
    }
  }
  return {
    cert: certificates.map(({ contents }) => contents),
    key: keys.map(({ contents }) => contents),
    ca: authorities.map(({ contents }) => contents),
    crl: all.map(({ pem }) => pem),
    successorsDue: lists.flatMap(({ file, made }) =>
      made.flatMap(({ nextUpdate }) => (nextUpdate === undefined ? [] : [{ file, at: nextUpdate }])),
    ),
  };
}
