// Package fake is what the fake servers of all vendors are built on: a loopback server with a table of routes that
// remembers what a client did wrong, injects faults, issues tokens, checks requests against the vendor's schemas, records
// requests for golden files and posts notices.
//
// A vendor's fake declares its [Route] table, a hook that writes the vendor's error body ([Config].WriteError) and one
// [Handler] per operation. A handler works on a [Call]: [Call.JSON] and [Call.Multipart] read the body strictly,
// [Call.Reply] answers, [Call.Fail] answers with an ordinary error of the vendor (an unknown id, a wrong state), and
// [Call.Refuse] does the same and also records a [Problem], since a correct client would not have sent that.
//
// Nothing here needs a testing.TB; the fakes are for programs and examples as well. With [Config].InMemory the server
// has no socket, and client and server can run inside a testing/synctest bubble.
package fake
