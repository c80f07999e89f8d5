package fake

import "fmt"

// Rules that this package checks itself. A vendor's fake adds its own.
const (
	RuleRoute         = "route"
	RuleMethod        = "method"
	RuleBody          = "body"
	RuleBodySize      = "body size"
	RuleContentLength = "content length"
	RuleContentType   = "content type"
	RuleJSON          = "json"
	RuleSchema        = "schema"
	RuleMultipart     = "multipart"
	RuleForm          = "form"
	RuleQuery         = "query"
	RuleHeader        = "header"
	RuleAuth          = "auth"
	// RuleFault marks an error answer that comes from fault injection.
	RuleFault = "fault"
	// RuleFake marks a finding against the fake itself: an answer that does not fit the vendor's schema, or a panic.
	RuleFake = "fake"
)

// Problem is something that a client sent and that the vendor would refuse. It holds no value from a body, a header or
// a query.
type Problem struct {
	Operation string // empty where no route fits
	Method    string
	Path      string
	Rule      string
	Detail    string
}

// String renders the problem on one line.
func (p Problem) String() string {
	op := p.Operation
	if op == "" {
		op = "unknown operation"
	}
	return fmt.Sprintf("%s (%s %s): %s: %s", op, p.Method, p.Path, p.Rule, p.Detail)
}

// Refusal is an error answer for the vendor's hook to write.
type Refusal struct {
	Status int
	// Rule is the rule that the request broke; RuleFault for an injected fault, empty for an ordinary answer of Call.Fail.
	Rule string
	// Code is the vendor's code for it, where the handler gave one.
	Code string
	// Detail says what is wrong, without values.
	Detail string
	// Fields are the JSON pointers or names that the refusal is about, where known.
	Fields []string
}
