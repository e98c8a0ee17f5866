/** What `millrace schema --help` prints. */
export const SCHEMA_USAGE = `millrace schema check MODULE | --subject SUBJECT FILE ...      whether the registry takes schemas, and why not
millrace schema register MODULE | --subject SUBJECT FILE ...   registers what is missing
millrace schema diff SUBJECT[@VERSION] [FILE | @VERSION]       what has changed: from the version before, to a file, to a version
millrace schema diff FILE FILE                                 the same of two files
millrace schema types MODULE | FILE ... | --subject SUBJECT[@VERSION] ...   TypeScript types of schemas

  A module has a topology as its default export: all its serdes with registered schemas are looked at.
  Files: .avsc and .avdl Avro, .json JSON Schema, .proto Protobuf.

  --subject SUBJECT       of the file at the same place
  --type LANGUAGE         avro, json, protobuf: where the name of a file does not tell
  --reference NAME=SUBJECT@VERSION   a registered schema that the files refer to
  --json                  for check, register, diff
  --dry-run               for register: shows what would be registered
  --compatibility LEVEL   for register: what a new subject asks of its next versions
  --out FILE              for types: instead of standard output
  --check                 for types: fails where FILE is out of date
  --long TYPE             for types: number (default) or bigint, as the serdes are made
  --registry, MILLRACE_SCHEMA_REGISTRY   address of the registry
  --schema-registry-username, MILLRACE_SCHEMA_REGISTRY_USERNAME
  --schema-registry-password-file, MILLRACE_SCHEMA_REGISTRY_PASSWORD_FILE, MILLRACE_SCHEMA_REGISTRY_PASSWORD
  --schema-registry-token-file, MILLRACE_SCHEMA_REGISTRY_TOKEN_FILE, MILLRACE_SCHEMA_REGISTRY_TOKEN
  --config FILE           a file of JSON with options, as for the other commands
`
