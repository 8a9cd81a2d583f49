// Parts of SARIF 2.1.0 that all our reports have.

export type SarifObject = Readonly<Record<string, unknown>>;

export const SARIF_SCHEMA =
  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** A file: absolute, or from the folder that the report calls SRCROOT. */
export function sarifArtifact(file: string): SarifObject {
  const uri = file
    .split("/")
    .map((part) => encodeURIComponent(part))
    .join("/");
  return file.startsWith("/") ? { uri: `file://${uri}` } : { uri, uriBaseId: "SRCROOT" };
}

/** Names of rules are PascalCase there. */
export function pascalCase(name: string): string {
  return name.replace(/(?:^|[^A-Za-z0-9]+)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
