/** The OCPP versions whose schemas stand below `schemas/`, oldest first. */
export const versions = ["1.6", "2.0.1", "2.1"] as const;

/** One of the OCPP versions that the repository holds schemas of. */
export type Version = (typeof versions)[number];

/** Tells whether a string, for instance from the command line, names a version. */
export function isVersion(text: string): text is Version {
  return versions.some((version) => version === text);
}
