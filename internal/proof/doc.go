// Package proof holds the tests that run over all vendors at once: the
// mutation proof on every fixture, the evidence and the stored form of every
// result, and the conformance suite against every fake.
package proof
