// Command codegen writes the types of a vendor package and the JSON Schemas of its fake.
//
//	go -C internal/codegen run . [-check] [-root DIR] jumio transmit didit yoti
//
// For each vendor it reads testdata/openapi/<vendor>.yaml, an OpenAPI 3.0 document that says what the vendor's JSON
// looks like, and <vendor>.overlay.yaml, which says what that becomes in Go. It writes <vendor>/zz_types.go and
// <vendor>/<vendor>test/zz_schema.json, then holds the fixtures against the document. With -check it writes nothing and
// fails when a file on disk is not what it would write. Every fault of the input is reported, with file and line; an
// input with faults gives no output. Findings in fixtures fail the run after the output is written.
//
// # Types
//
// A struct has its members in document order and ends with Extra, which keeps members that the document does not name.
// Texts, enumerations, dates and slices are plain with omitzero; numbers, truth values and objects are pointers; what is
// free-form is raw JSON. Members that a request requires are plain and always written. A component that requests and
// answers share follows the rules of answers. Roots that are answers or components embed kyc.Raw. Enumerations are open.
// date-time becomes kyc.Timestamp, date kyc.Date; other formats stay text.
//
// # Overlay
//
// The overlay is strict YAML. A key that is not listed here, an entry that matches nothing and a name that is taken are
// errors. A path begins with a root, a component or a struct's Go name and goes on with members, [] for the items of a
// list and {} for the values of a map: Details.credentials[].parts[]. A step may be *, any one member, or **, any number
// of steps; a path that begins with ** looks below all roots.
//
//	package      name of the Go package, which is the vendor
//	roots        type name -> {operation: id, request: true}, {operation: id, response: "200"} or {component: Name}
//	names        path -> name of a struct; structs inside take it as prefix. One name for several paths folds them, and
//	             they must then be alike in members and types
//	merge        name -> components that become one struct, as for a oneOf without discriminator
//	extend       path -> members with their schemas, for what only prose documents
//	rename       path -> field name
//	types        path -> hand-written type of the package, of kyc, or json.RawMessage; with * where a pointer is wanted
//	enums        name -> paths of enumerations that become one type with the words of all
//	values       enumeration -> words that the document does not list
//	enumPrefix   enumeration -> prefix of its constants
//	constants    Enumeration.word -> name of one constant
//	docs         type name or path -> comment, before the document's own description
//	fieldDocs    member name -> comment, where there is no other
//	personal     paths that get the tag kyc:"personal"
//	secret       paths of texts that become kyc.Secret
//	samples      pattern of files below testdata/fixtures/<vendor> -> root
//	ignore       list of {sample, finding, reason}: accepted findings
//
// # Samples
//
// The check compares types, null, words of enumerations, members, required members and the formats date-time, date,
// uuid and uri. A finding reads "path: text", with one path for all items of a list. An ignore entry names the sample
// (or a pattern of files) and the finding, in which the path may use * and ** and the text *. An entry whose finding is
// gone is an error, as is a samples pattern without a file. A written-out file name goes before patterns.
//
// # Schemas
//
// zz_schema.json holds JSON Schema 2020-12 under requests and responses, by operation, with the components under $defs.
// All JSON requests are in it, and the answers that roots name. Requests are closed and list, for an enumeration, the
// words of that very place. Answers are open, list all words of the Go type, and leave formats out, since vendors do not
// keep to those of their own.
package main
